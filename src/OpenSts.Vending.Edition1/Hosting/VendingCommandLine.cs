using System.CommandLine;

namespace OpenSts.Vending.Hosting;

/// <summary>The command line of <c>sts-vending</c>: its commands, and the options that each of them takes.</summary>
public sealed class VendingCommandLine
{
    private readonly List<Option<string?>> _options =
        [.. VendingOptions.Names.Select(known => new Option<string?>("--" + known.Name) { Description = known.Says, Recursive = true })];

    private readonly RootCommand _root = new("sts-vending: the vending server.");

    /// <summary>A command line without commands.</summary>
    public VendingCommandLine()
    {
        foreach (var option in _options)
            _root.Options.Add(option);
    }

    /// <summary>Adds a command that works with the options alone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="work">The work; gives the exit status.</param>
    public VendingCommandLine Add(string name, string description, Func<VendingOptions, Task<int>> work)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, _) => work(Read(parsed)));
        _root.Subcommands.Add(command);
        return this;
    }

    /// <summary>Adds a command that takes a file too.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="work">The work; gives the exit status.</param>
    public VendingCommandLine AddWithFile(string name, string description, Func<VendingOptions, string, Task<int>> work)
    {
        var file = new Argument<string>("file") { Description = "Path of the file" };
        var command = new Command(name, description) { file };
        command.SetAction((parsed, _) => work(Read(parsed), parsed.GetValue(file)!));
        _root.Subcommands.Add(command);
        return this;
    }

    /// <summary>Runs the command that the arguments name; the exit status.</summary>
    /// <exception cref="FormatException">The arguments are no command with its options; the message says what is wrong with them.</exception>
    public Task<int> RunAsync(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        // "help" alone is what people try first; an argument that begins with @ is text and names no file of arguments.
        var parsed = _root.Parse(arguments is ["help"] or [] ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
            throw new FormatException(Problem(parsed));
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private VendingOptions Read(ParseResult parsed) => VendingOptions.Parse(
        [.. _options.Where(option => parsed.GetValue(option) is not null).SelectMany(option => (string[])[option.Name, parsed.GetValue(option)!])],
        Environment.GetEnvironmentVariable);

    private string Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return unknown.StartsWith('-') ? $"'{unknown}' is no option; known are {string.Join(", ", _options.Select(option => option.Name))}."
                : command == _root ? $"'{unknown}' is no command; known are {string.Join(", ", _root.Subcommands.Select(known => known.Name))}."
                : $"'{unknown}' is one argument too many for {command.Name}.";
        }

        if (_options.FirstOrDefault(option => parsed.GetResult(option) is { Tokens.Count: 0 }) is { } empty)
            return $"{empty.Name} held nothing; permitted is {empty.Description}.";
        return command.Arguments.Count > 0 ? $"{command.Name} needs a file." : parsed.Errors[0].Message;
    }
}
