using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Groups;

/// <summary>
/// What one centre tells another about a group and a key beside the key's own card: items that modules keep and do not
/// read.
/// </summary>
/// <remarks>
/// USR id, OWN name, UCT contact, UST state, URS reason, UVR version and UCR registration of the user; HOM home, NAM
/// name, UDF universal default, VER version, SER last serial, REV last revision and CRE creation of the group; KID id,
/// EXP end, REF refresh days, DEF1 where it is the default, STA state, RSN reason and KCR creation of the key.
/// </remarks>
internal sealed record GroupAttributes(SgcUser User, SupplyGroup Group, CentreVendingKey Key)
{
    public static IEnumerable<KeyValuePair<string, string>> Of(SgcUser user, SupplyGroup group,
        CentreVendingKey key) => new Dictionary<string, string>
        {
            ["HOM"] = group.Home,
            ["NAM"] = group.Name,
            ["USR"] = user.Id,
            ["OWN"] = user.Name,
            ["UCT"] = user.Contact,
            ["UST"] = StoredNames.Of(user.State),
            ["URS"] = user.Reason,
            ["UVR"] = user.Version.ToString(CultureInfo.InvariantCulture),
            ["UCR"] = ConcatLine.Time(user.Created),
            ["UDF"] = group.UniversalDefault ? "1" : "0",
            ["VER"] = group.Version.ToString(CultureInfo.InvariantCulture),
            ["SER"] = group.LastSerial.ToString(CultureInfo.InvariantCulture),
            ["REV"] = group.LastRevision.ToString(CultureInfo.InvariantCulture),
            ["CRE"] = ConcatLine.Time(group.Created),
            ["KID"] = key.Id,
            ["EXP"] = ConcatLine.Time(key.Expiry),
            ["REF"] = key.RefreshDays.ToString(CultureInfo.InvariantCulture),
            ["STA"] = StoredNames.Of(key.State),
            ["RSN"] = key.Reason,
            ["KCR"] = ConcatLine.Time(key.Created),
            ["DEF"] = key.IsDefault ? "1" : "",
        }.Where(item => item.Key != "DEF" || item.Value.Length > 0);

    /// <summary>
    /// Reads both out of a card; the key without its octets. False with the item that is missing or wrong.
    /// </summary>
    public static bool TryRead(KeyCard card, [NotNullWhen(true)] out GroupAttributes? read, out string problem)
    {
        read = null;
        problem = "";
        string Item(string tag) => card.More.GetValueOrDefault(tag, "");
        var good = int.TryParse(Item("VER"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            & int.TryParse(Item("SER"), NumberStyles.None, CultureInfo.InvariantCulture, out var serial)
            & int.TryParse(Item("REV"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            & int.TryParse(Item("REF"), NumberStyles.None, CultureInfo.InvariantCulture, out var refresh)
            & ConcatLine.TryTime(Item("CRE"), out var created)
            & ConcatLine.TryTime(Item("EXP"), out var expiry)
            & ConcatLine.TryTime(Item("KCR"), out var keyCreated)
            & StoredNames.TryRead(Item("STA"), out KeyState state)
            & CentreCertificate.IsKmcid(Item("HOM"))
            & Item("KID").StartsWith($"{card.SupplyGroupCode}-", StringComparison.Ordinal);
        if (!good || refresh is < 1 or > 3650 || revision is < 0 or > 9 || state
            is not (KeyState.Active or KeyState.Retiring))
        {
            problem =
                $"the card of group {card.SupplyGroupCode}, revision {card.KeyRevisionNumber}, lacks one of HOM NAM "
                    + "OWN UDF VER SER REV CRE KID EXP REF STA RSN KCR, or it breaks its form";
            return false;
        }

        var user = SgcUser.OfName(Item("HOM"), Item("OWN"), created, "");
        if (Item("USR").Length > 0 && !TryReadUser(Item, user, out user))
        {
            problem =
                $"the card of group {card.SupplyGroupCode}, revision {card.KeyRevisionNumber}, lacks one of USR UST "
                    + "UVR UCR, or it breaks its form";
            return false;
        }

        var group = new SupplyGroup
        {
            Code = card.SupplyGroupCode.ToString(),
            Name = Item("NAM"),
            Owner = user.Id,
            Cluster = card.Cluster,
            UniversalDefault = Item("UDF") == "1",
            Home = Item("HOM"),
            Version = version,
            LastSerial = serial,
            LastRevision = revision,
            Created = created,
        };
        read = new GroupAttributes(user, group, new CentreVendingKey
        {
            Id = Item("KID"),
            Sgc = group.Code,
            Krn = card.KeyRevisionNumber.Value,
            KeyType = card.KeyType,
            Dkga = card.DecoderKeyGenerationAlgorithm,
            BaseYear = card.BaseDate.Year,
            Ken = card.KeyExpiryNumber.Value,
            Activation = card.ActiveFrom,
            Expiry = expiry,
            RefreshDays = refresh,
            CheckValue = card.CheckValue,
            State = state,
            Reason = Item("RSN"),
            Created = keyCreated,
            Laboratory = card.IsTest,
            IsDefault = Item("DEF") == "1",
            Wrapped = "",
        });
        return true;
    }

    // A card of an earlier edition names the owner and nothing more.
    private static bool TryReadUser(Func<string, string> item, SgcUser named, out SgcUser user)
    {
        var good = SgcUser.IsId(item("USR")) & StoredNames.TryRead(item("UST"), out UserState state) & int.TryParse(
            item("UVR"), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            & ConcatLine.TryTime(item("UCR"), out var created);
        user = good ? named with
        {
            Id = item("USR"),
            Contact = item("UCT"),
            State = state,
            Reason = item("URS"),
            Home = item("USR")[..6],
            Version = version,
            Created = created,
        } : named;
        return good;
    }
}
