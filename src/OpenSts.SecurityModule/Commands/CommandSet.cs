using System.Collections.Frozen;
using OpenSts.SecurityModule.Commands.Legacy;

namespace OpenSts.SecurityModule.Commands;

/// <summary>The commands that a build of the module has, by their headers.</summary>
internal sealed class CommandSet
{
    private readonly FrozenDictionary<ulong, ModuleCommand> _commands;

    private CommandSet(params IEnumerable<ModuleCommand> commands) =>
        _commands =
            commands.ToFrozenDictionary(command => Number(System.Text.Encoding.ASCII.GetBytes(command.Header)));

    /// <summary>STS6 for a vending module.</summary>
    public static CommandSet Vending { get; } = new([.. Common(), new VendCredit()]);

    /// <summary>STS6 for a manufacturing module: no credit.</summary>
    public static CommandSet Manufacturing { get; } = new([.. Common(), new ManufacturingKeyChange()]);

    /// <summary>The older protocol's commands that we have.</summary>
    public static CommandSet Legacy { get; } = new(LegacyCommands.All);

    /// <summary>The command of five characters; null where there is none.</summary>
    public ModuleCommand? Find(ReadOnlySpan<byte> header) =>
        header.Length == 5 ? _commands.GetValueOrDefault(Number(header)) : null;

    private static ModuleCommand[] Common() =>
    [
        new Echo(), new DeviceIdentification(), new QueryIdentification(), new QueryClock(), new GetAttributes(),
            new QueryCounters(),
        new ProductDetails(), new UniqueIdentification(), new QueryLog(), new VendManagement(), new VendKeyChange(),
            new VerifyToken(),
        .. LoadingCommands.All,
    ];

    private static ulong Number(ReadOnlySpan<byte> header)
    {
        var number = 0ul;
        foreach (var octet in header)
            number = (number << 8) | octet;
        return number;
    }
}
