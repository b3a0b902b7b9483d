# fish completion for sts
function __sts_suggestions
    set -l line (commandline -cp)
    sts "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c sts -a '(__sts_suggestions)'
