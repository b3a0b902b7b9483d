using System.CommandLine;
using System.CommandLine.Help;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Documentation;

/// <summary>What man pages and the reference say about one command, in reading order.</summary>
internal static class CommandDescription
{
    /// <summary>The command and everything below it, hidden ones left out, parents first.</summary>
    public static IEnumerable<Command> WithSubcommands(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(WithSubcommands).Prepend(command);

    /// <summary>The command at a path below the root; null where there is none.</summary>
    public static Command? Find(Command root, IEnumerable<string> names) =>
        names.Aggregate((Command?)root,
            (at, name) => at?.Subcommands.FirstOrDefault(sub => sub.Name == name || sub.Aliases.Contains(name)));

    /// <summary>True where the command does work of its own, and not only its subcommands.</summary>
    public static bool IsRunnable(Command command) => command.Action is not null;

    /// <summary>The line of use, such as <c>sts pan check &lt;number&gt;... [options]</c>.</summary>
    public static string Usage(Command command)
    {
        IEnumerable<string> words =
            [command.Path(), .. command.Arguments.Where(argument => !argument.Hidden).Select(Word)];
        if (command.Subcommands.Any(sub => !sub.Hidden))
            words = words.Append(IsRunnable(command) ? "[command]" : "<command>");
        return string.Join(' ', words.Append("[options]"));
    }

    /// <summary>An argument as it stands in the line of use.</summary>
    public static string Word(Argument argument) =>
        $"{(argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : $"<{argument.Name}>")}"
        + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");

    /// <summary>The options of a command by itself, without those that every command has.</summary>
    public static IEnumerable<Option> Options(Command command) =>
        command.Options.Where(option => !option.Hidden && !option.Recursive && option is not HelpOption
            and not VersionOption);

    /// <summary>An option with its aliases and the name of its value.</summary>
    public static string Name(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias != option.Name).Prepend(option.Name));
        if (option.ValueType == typeof(bool) || option.ValueType == typeof(bool?))
            return names;
        return $"{names} <{option.HelpName ?? option.Name.TrimStart('-')}>";
    }

    /// <summary>What an option does, whether it is required, and its usual value.</summary>
    public static string Meaning(Option option)
    {
        var meaning = option.Description ?? "";
        if (option.Required)
            return $"{meaning} (required)";
        return option is { HasDefaultValue: true } && option.ValueType != typeof(bool) && UsualValue(option)
            is { Length: > 0 } usual ? $"{meaning} [default: {usual}]" : meaning;
    }

    // The number of processors differs from machine to machine; a document names no machine.
    private static string? UsualValue(Option option) =>
        option.GetDefaultValue() is var value && value is int processors && processors == Environment.ProcessorCount
        && option.Name is "--workers" or "--threads"
        ? "one for each processor"
        : Convert.ToString(option.GetDefaultValue(), System.Globalization.CultureInfo.InvariantCulture);
}
