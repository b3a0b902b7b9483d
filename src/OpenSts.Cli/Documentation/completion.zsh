#compdef sts
# zsh completion for sts
_sts() {
    local -a suggestions
    suggestions=("${(@f)$(${words[1]} "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
    if (( ${#suggestions[@]} )) && [[ -n ${suggestions[1]} ]]; then
        compadd -- "${suggestions[@]}"
    else
        _files
    fi
}
# Loaded from $fpath the file is the function's body; sourced, it only defines it.
if [[ ${funcstack[1]} == _sts ]]; then
    _sts "$@"
else
    compdef _sts sts
fi
