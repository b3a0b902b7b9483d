using System.Text.Json.Serialization;

namespace OpenSts.KeyManagement.Records;

/// <summary>How records are written into the store.</summary>
[JsonSourceGenerationOptions(Converters =
[
    typeof(StoredNames.KeyStateConverter), typeof(StoredNames.UserStateConverter),
        typeof(StoredNames.ChangeStateConverter),
    typeof(StoredNames.ModuleKindConverter), typeof(StoredNames.KeyTypeConverter),
        typeof(StoredNames.AlgorithmConverter),
])]
[JsonSerializable(typeof(SgcUser))]
[JsonSerializable(typeof(SupplyGroup))]
[JsonSerializable(typeof(CentreVendingKey))]
[JsonSerializable(typeof(RegisteredModule))]
[JsonSerializable(typeof(Authorisation))]
[JsonSerializable(typeof(LoadFile))]
[JsonSerializable(typeof(CentreKey))]
[JsonSerializable(typeof(SourceCentre))]
[JsonSerializable(typeof(CentreIdentity))]
[JsonSerializable(typeof(KeySealing))]
[JsonSerializable(typeof(Officer))]
[JsonSerializable(typeof(PendingChange))]
[JsonSerializable(typeof(ChangeRequest))]
internal sealed partial class RecordJson : JsonSerializerContext;
