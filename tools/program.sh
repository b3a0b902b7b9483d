# Sourced by ./sts and ./sts-vending: starts a program of this repository and builds it first when a source changed.
# Needs: root, the folder of the repository.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

sources_changed() { # the built file, its stamp
    [[ ! -f $1 || ! -f $2 ]] || [[ -n $(find "$root/src" "$root/vectors" "$root"/Directory.* "$root/global.json" -newer "$2" \
        -not -path '*/obj/*' -not -path '*/bin/*' -print -quit) ]]
}

start_program() { # its name, its project, its file, then its arguments
    local name=$1 project=$2 bin="$root/artifacts/bin/$2/release/$3" stamp="$root/artifacts/$1.stamp" log
    shift 3
    command -v dotnet >/dev/null || { echo "$name: the .NET SDK 10 is missing; install it and put 'dotnet' on the PATH" >&2; exit 2; }
    if sources_changed "$bin" "$stamp"; then
        if ! dotnet --list-sdks | grep -q '^10\.'; then
            echo "$name: the .NET SDK 10 is missing; 'dotnet --list-sdks' shows $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')" >&2
            exit 2
        fi
        mkdir -p "$root/artifacts"
        exec 9>"$root/artifacts/$name.lock"
        flock 9 # two commands at once build once
        if sources_changed "$bin" "$stamp"; then
            if [[ -f $bin ]]; then
                echo "$name: sources changed; building" >&2
            else
                echo "$name: building for the first time: restores packages from NuGet, then compiles (one or two minutes)" >&2
            fi
            touch "$stamp.new"
            if ! log=$(dotnet build -c Release "$root/src/$project/$project.csproj" -v quiet -clp:ErrorsOnly 2>&1); then
                printf '%s: the build failed\n%s\n' "$name" "$log" >&2
                exit 2
            fi
            mv "$stamp.new" "$stamp"
        fi
        exec 9>&-
    fi
    exec dotnet "$bin" "$@"
}
