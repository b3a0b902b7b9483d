using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.SupplyGroups;

/// <summary>Supply groups and the registers of their keys over the API.</summary>
internal sealed class SupplyGroupRoutes(IStore store)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/supply-groups", Permission.MetersRead, "Supply groups in order of their codes", List) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/supply-groups/{id}", Permission.MetersRead, "One supply group", Get),
        ApiRoute.Of("PUT", "/v1/supply-groups/{id}", Permission.SupplyGroupsWrite, "Add a supply group, or change it by If-Match", Put) with
        {
            Body =
            [
                FieldSpec.Text("name", 100),
                FieldSpec.Whole("currentKeyRevision", 1, 9),
                FieldSpec.Choice<KeyChangePolicy>("keyChangePolicy").Optional,
                FieldSpec.List("keys", 1, 36, FieldSpec.Whole("keyRevisionNumber", 1, 9), FieldSpec.Choice("keyType", "DITK", "DDTK", "DUTK", "DCTK").Optional,
                    FieldSpec.Whole("keyExpiryNumber", 0, 255), FieldSpec.Choice("baseDate", "1993", "2014", "2035"), FieldSpec.Whole("register", 1, 999)),
            ],
        },
    ];

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => SupplyGroup.Table.List(session, after, limit + 1)), limit, row => row.Id, row => row.Value);
    }

    private ApiAnswer Get(ApiCall call) => store.Read(session => SupplyGroup.Table.Find(session, call.Path("id"))) is { } found
        ? ApiAnswer.Ok(found.Value, found.Version)
        : ApiAnswer.Problem("not-found", $"There is no supply group {call.Path("id")}.");

    private ApiAnswer Put(ApiCall call)
    {
        var text = call.Path("id");
        if (!SupplyGroupCode.TryParse(text, out var code, out _))
            return ApiCall.Invalid("id", text, SupplyGroupCode.Form);
        var keys = call.Body.List("keys").Select(Key).ToList();
        if (keys.GroupBy(key => (key.KeyRevisionNumber, key.KeyType)).Any(same => same.Count() > 1))
            return ApiCall.Invalid("keys", "a revision and type twice", "one key for each revision and type");
        var group = new SupplyGroup
        {
            Code = code,
            Name = call.Body.Text("name"),
            CurrentKeyRevision = (int)call.Body.Whole("currentKeyRevision"),
            KeyChangePolicy = call.Body.Choice("keyChangePolicy", KeyChangePolicy.WithNextSale),
            Keys = keys,
        };
        if (!keys.Any(key => key.KeyRevisionNumber == group.CurrentKeyRevision))
            return ApiCall.Invalid("currentKeyRevision", group.CurrentKeyRevision.ToString(), "the revision of one of the keys");
        return store.Write(session => call.Put(SupplyGroup.Table.Find(session, text), () => SupplyGroup.Table.TryAdd(session, text, group),
            version => SupplyGroup.Table.TryReplace(session, text, version, group), group, value => value));
    }

    private static SupplyGroupKey Key(RequestBody key)
    {
        _ = KeyTypes.TryParse(key.Text("keyType", "DUTK"), out var keyType);
        return new SupplyGroupKey
        {
            KeyRevisionNumber = (int)key.Whole("keyRevisionNumber"),
            KeyType = keyType,
            KeyExpiryNumber = (int)key.Whole("keyExpiryNumber"),
            BaseDate = int.Parse(key.Text("baseDate"), System.Globalization.CultureInfo.InvariantCulture),
            Register = (int)key.Whole("register"),
        };
    }
}
