using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>
/// The token transfer log, the token credit history and the charge history, each a Profile generic. The meter stores
/// the entries.
/// </summary>
internal static class LogObjects
{
    private static readonly MemberReference Time = new(8, Obis.Clock, 2);

    public static CosemObject TokenLog(ICosemMeter meter) => ProfileObject.Create(
        PaymentObis.TokenLog,
        [
            Time, new(115, PaymentObis.TokenGateway, 2), new(115, PaymentObis.TokenGateway, 4),
                new(115, PaymentObis.TokenGateway, 5),
            new(115, PaymentObis.TokenGateway, 6),
        ],
        async call => (await call.ReadAsync(meter).ConfigureAwait(false)).TokenLog,
        entry => entry.Time,
        entry =>
        [
            CosemValue.OctetString(CosemDateTime.From(entry.Time)), CosemValue.OctetString(entry.Entry.Received),
                TokenObjects.Description(entry),
            CosemValue.Enum((byte)entry.Entry.Method), TokenObjects.Status(entry),
        ]);

    public static CosemObject CreditHistory(ICosemMeter meter) => Registers(
        meter, PaymentObis.CreditHistory, new(112, PaymentObis.Credit, 2), reading => reading.CreditHistory);

    public static CosemObject ChargeHistory(ICosemMeter meter) => Registers(
        meter, PaymentObis.ChargeHistory, new(113, PaymentObis.Charge, 2), reading => reading.ChargeHistory);

    private static CosemObject Registers(ICosemMeter meter, LogicalName name, MemberReference captured,
        Func<MeterReading, IReadOnlyList<RegisterEntry>> entries) =>
        ProfileObject.Create(
            name,
            [Time, captured],
            async call => entries(await call.ReadAsync(meter).ConfigureAwait(false)),
            entry => entry.Time,
            entry =>
                [CosemValue.OctetString(CosemDateTime.From(entry.Time)), Amounts.Show(meter.Nameplate, entry.Value)]);
}
