using System.Text.Json.Serialization;

namespace OpenSts.KeyManagement.Store;

/// <summary>How records are written into the store.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SgcUser))]
[JsonSerializable(typeof(SupplyGroup))]
[JsonSerializable(typeof(CentreVendingKey))]
[JsonSerializable(typeof(RegisteredModule))]
[JsonSerializable(typeof(Authorisation))]
[JsonSerializable(typeof(LoadFile))]
[JsonSerializable(typeof(CentreKey))]
[JsonSerializable(typeof(Sender))]
[JsonSerializable(typeof(CentreIdentity))]
[JsonSerializable(typeof(KeySealing))]
[JsonSerializable(typeof(Officer))]
[JsonSerializable(typeof(PendingChange))]
[JsonSerializable(typeof(ChangeRequest))]
internal sealed partial class RecordJson : JsonSerializerContext;
