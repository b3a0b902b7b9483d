using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Server;

namespace OpenSts.Cosem.Objects;

/// <summary>The objects of a prepayment meter.</summary>
/// <remarks>
/// STS 201-2: class 116, and with it Account, Credit, Charge and Token gateway; class 32850 where the meter has
/// extensions.
/// </remarks>
public static class MeterObjects
{
    /// <summary>Creates the objects in the order of the object list.</summary>
    public static IReadOnlyList<CosemObject> Create(ICosemMeter meter, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(options);
        List<CosemObject> objects =
        [
            AssociationObjects.LogicalDeviceName(options),
            AssociationObjects.SapAssignment(options),
            AssociationObjects.Association(),
            RegisterObjects.Clock(meter),
            AssociationObjects.InvocationCounter(),
            SecuritySetupObject.Create(options),
            RegisterObjects.SerialNumber(meter),
            PaymentObjects.Account(meter),
            PaymentObjects.Credit(meter),
            PaymentObjects.Charge(meter),
            TokenObjects.TokenGateway(meter),
            TokenObjects.StsAttributes(meter),
            RegisterObjects.Total(meter),
            LimitObjects.DisconnectControl(meter),
            LimitObjects.AlarmRegister(meter),
            LogObjects.TokenLog(meter),
            LogObjects.CreditHistory(meter),
            LogObjects.ChargeHistory(meter),
        ];
        if (meter.Nameplate.Service == CreditService.Electricity)
        {
            objects.Add(RegisterObjects.Power(meter));
            objects.Add(LimitObjects.Limiter(meter));
        }

        if (meter.Nameplate.IsPolyphase)
        {
            objects.Add(RegisterObjects.Unbalance(meter));
            objects.Add(LimitObjects.UnbalanceMonitor(meter));
        }

        // STS 201-2, 4.1: only in a meter that has the extensions of STS 202-5.
        if (meter.Nameplate.HasExtensions)
            objects.Add(TokenObjects.TokenExtensions(meter));
        if (options.Push is { } push)
            objects.Add(PushSetupObject.Create(push));
        return objects;
    }
}
