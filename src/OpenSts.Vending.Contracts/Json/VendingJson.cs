using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Access;
using OpenSts.Vending.Contracts.Meters;
using OpenSts.Vending.Contracts.Money;
using OpenSts.Vending.Contracts.Problems;
using OpenSts.Vending.Contracts.Vends;

namespace OpenSts.Vending.Contracts.Json;

/// <summary>How the records of the API are written and read: camel case, money and units as decimal strings, enums by
/// name.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreditVendRequest))]
[JsonSerializable(typeof(KeyChangeVendRequest))]
[JsonSerializable(typeof(ReplacementVendRequest))]
[JsonSerializable(typeof(EngineeringVendRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(ReceiptRequest))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(VendResource))]
[JsonSerializable(typeof(VendTrialResource))]
[JsonSerializable(typeof(Page<VendResource>))]
[JsonSerializable(typeof(MeterResource))]
[JsonSerializable(typeof(Page<MeterResource>))]
[JsonSerializable(typeof(MeterExchangeRequest))]
[JsonSerializable(typeof(CustomerResource))]
[JsonSerializable(typeof(Page<CustomerResource>))]
[JsonSerializable(typeof(FreeAllocationRequest))]
[JsonSerializable(typeof(ChargeRequest))]
[JsonSerializable(typeof(SupplyGroupResource))]
[JsonSerializable(typeof(Page<SupplyGroupResource>))]
[JsonSerializable(typeof(TariffResource))]
[JsonSerializable(typeof(Page<TariffResource>))]
[JsonSerializable(typeof(TariffTrialRequest))]
[JsonSerializable(typeof(VendorResource))]
[JsonSerializable(typeof(Page<VendorResource>))]
[JsonSerializable(typeof(OutletResource))]
[JsonSerializable(typeof(DepositRequest))]
[JsonSerializable(typeof(StatementEntry))]
[JsonSerializable(typeof(Page<StatementEntry>))]
[JsonSerializable(typeof(ShiftResource))]
[JsonSerializable(typeof(Page<ShiftResource>))]
[JsonSerializable(typeof(ShiftOpenRequest))]
[JsonSerializable(typeof(ShiftCloseRequest))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyResource))]
[JsonSerializable(typeof(OperatorResource))]
[JsonSerializable(typeof(Page<OperatorResource>))]
[JsonSerializable(typeof(ProblemResource))]
public sealed partial class VendingJson : JsonSerializerContext
{
    /// <summary>For requests, strict: an unknown, doubled or differently cased field, a number in quotes and a null
    /// are refused.</summary>
    public static JsonSerializerOptions Requests { get; } = Create(strict: true);

    /// <summary>For answers: fields that a newer server added are passed over.</summary>
    public static JsonSerializerOptions Answers { get; } = Create(strict: false);

    /// <summary>Sets the options of the API on those of a host.</summary>
    /// <param name="options">The options, not yet in use.</param>
    /// <param name="strict">True for reading requests.</param>
    public static void Configure(JsonSerializerOptions options, bool strict)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 8;
        // Answers are JSON documents and never markup: letters of every language are written as they are.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.UnmappedMemberHandling = strict ? JsonUnmappedMemberHandling.Disallow
            : JsonUnmappedMemberHandling.Skip;
        options.AllowDuplicateProperties = !strict;
        options.RespectNullableAnnotations = strict;
        options.RespectRequiredConstructorParameters = true;
        options.TypeInfoResolverChain.Insert(0, new VendingJson());
    }

    private static JsonSerializerOptions Create(bool strict)
    {
        var options = new JsonSerializerOptions();
        Configure(options, strict);
        options.MakeReadOnly();
        return options;
    }
}
