using System.Text.Json;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Access;
using OpenSts.Vending.Contracts.Meters;
using OpenSts.Vending.Contracts.Money;
using OpenSts.Vending.Contracts.Problems;
using OpenSts.Vending.Contracts.Vends;

namespace OpenSts.Vending.Contracts.Json;

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
internal sealed partial class VendingJsonContext : JsonSerializerContext;
