# bash completion for sts
_sts() {
    local word=${COMP_WORDS[COMP_CWORD]} suggestions
    suggestions=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null) || return
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "${suggestions}" -- "${word}"))
}
complete -o default -F _sts sts
