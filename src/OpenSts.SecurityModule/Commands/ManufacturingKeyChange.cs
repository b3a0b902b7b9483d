namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// SM?MK, manufacturing build only: the set that gives a new meter its first key, away from the manufacturer's own.
/// </summary>
/// <remarks>
/// Only the name of the command is public. Ours: the fields of SM?VK, the old register being one of key type 0; a
/// meter's own initial key is derived from it as any other, see docs/standard/readings.md.
/// </remarks>
internal sealed class ManufacturingKeyChange() : VendKeyChange("SM?MK")
{
    protected override bool MayBegin(KeyType from) => from == KeyType.Initialization;
}
