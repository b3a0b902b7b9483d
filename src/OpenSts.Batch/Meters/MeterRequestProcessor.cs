using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Batch.Meters;

/// <summary>
/// Answers the requests of <c>sts meter batch</c>: <c>create</c> makes a meter, and the lines after it go to that
/// meter.
/// </summary>
/// <remarks>
/// The contract is docs/reference/meter-batch.md. The lines set the time: <c>at</c> lets time pass until then, an
/// earlier one sets the wall clock back.
/// </remarks>
public sealed class MeterRequestProcessor : LineProcessor
{
    private const long LargestDraw = 1_000_000_000_000_000;

    private readonly MeterRequestLine _line;
    private readonly MeterFields _meterFields;
    private readonly MeterOptions _options;
    private SimulatedClock _clock = new(BaseDate.Base2014.Start);
    private PaymentMeter? _meter;

    /// <summary>A processor without a meter yet.</summary>
    public MeterRequestProcessor()
        : this(new MeterRequestLine())
    {
    }

    private MeterRequestProcessor(MeterRequestLine line)
        : base(line)
    {
        _line = line;
        _meterFields = new MeterFields(Fields);
        _options = new MeterOptions(Fields, line.Top);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _meterFields.Dispose();
    }

    private protected override ValueTask OperateAsync(CancellationToken cancellation)
    {
        const string Operations = "create, enter, consume, power, tamper or read";
        var operation = Fields.Text(_line.Top, "op", Operations);
        if (Fields.Error is not null)
            return ValueTask.CompletedTask;
        switch (operation)
        {
            case "create":
                Permit(["id", "op", "meter", "vendingKey", "decoderKey", "at", .. MeterOptions.Names]);
                Create();
                break;
            case "enter":
                Permit("id", "op", "at", "token", "carrier");
                Live(Enter);
                break;
            case "consume":
                Permit("id", "op", "at", "amount");
                Live(Consume);
                break;
            case "power":
                Permit("id", "op", "at", "state");
                Live(Power);
                break;
            case "tamper":
                Permit("id", "op", "at");
                Live(Tamper);
                break;
            case "read":
                Permit("id", "op", "at");
                Live(meter => MeterJson.WriteRegisters(Json, meter, _clock.GetUtcNow()));
                break;
            default:
                Fields.FailValue(BatchError.Format, "op", operation, Operations);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Create()
    {
        // Also where the new meter cannot be made, the lines that follow are not meant for the one before.
        _meter = null;
        var record = ReadRecord();
        var at = _line.Top["at"].IsGiven ? Fields.Instant(_line.Top, "at") : record?.BaseDate.Start ?? default;
        if (Fields.Error is not null || record is null)
            return;
        _clock = new SimulatedClock(at);
        _meter = new PaymentMeter(record.With(new MeterEvent(at, MeterEventKind.Manufactured, "")), _clock);
        MeterJson.WriteRegisters(Json, _meter, at);
    }

    private MeterRecord? ReadRecord() => NewMeter.Read(Fields, _meterFields, _line.Top, _line.Meter, _options);

    private void Live(Action<PaymentMeter> work)
    {
        if (_meter is null)
            Fields.Fail(
                new BatchError(BatchError.Format, "op: there is no meter yet; send a line with op create first"));
        var at = _line.Top["at"].IsGiven ? Fields.Instant(_line.Top, "at") : _clock.GetUtcNow();
        if (Fields.Error is not null)
            return;
        _clock.MoveTo(at);
        work(_meter!);
    }

    private void Enter(PaymentMeter meter)
    {
        var carrier = TokenCarrierType.Numeric;
        if (_line.Top["carrier"].IsGiven)
        {
            var name = Fields.Text(_line.Top, "carrier", CarrierNames.Permitted);
            if (Fields.Error is null && !CarrierNames.TryParse(name, out carrier))
                Fields.FailValue(BatchError.Format, "carrier", name, CarrierNames.Permitted);
        }

        var digits = Fields.Text(_line.Top, "token", "20 digits");
        if (Fields.Error is null)
            MeterJson.WriteAnswer(Json, meter.Enter(digits, carrier), meter, _clock.GetUtcNow());
    }

    private void Consume(PaymentMeter meter)
    {
        const string Expected = "a decimal number from 0 to 1000000000, in kWh, m3 or minutes";
        var text = Fields.Text(_line.Top, "amount", Expected);
        if (Fields.Error is not null)
            return;
        if (!ExactDecimal.TryReadRoundedUp(text, 6, out var micro) || micro < 0 || micro > LargestDraw)
        {
            Fields.FailValue(BatchError.Range, "amount", text, Expected);
            return;
        }

        var delivered = meter.Consume((long)micro);
        Json.WriteString("consumed", ExactDecimal.Format(delivered, 6));
        WriteSupply(meter);
    }

    private void Power(PaymentMeter meter)
    {
        var state = Fields.Text(_line.Top, "state", "off or on");
        if (Fields.Error is not null)
            return;
        if (state is not ("on" or "off"))
        {
            Fields.FailValue(BatchError.Format, "state", state, "off or on");
            return;
        }

        meter.SetPower(state is "on");
        WriteSupply(meter);
    }

    private void Tamper(PaymentMeter meter)
    {
        _ = meter.SignalTamper(TamperFlags.Cover);
        Json.WriteBoolean("tamper", meter.Record.State.Tamper != TamperFlags.None);
        WriteSupply(meter);
    }

    private void WriteSupply(PaymentMeter meter)
    {
        var record = meter.Record;
        MeterJson.WriteCredit(Json, record);
        Json.WriteString("power", record.HasPower ? "on" : "off");
        Json.WriteString("loadSwitch", Supply.Block(record) == SupplyBlock.None ? "closed" : "open");
    }
}
