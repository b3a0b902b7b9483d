using OpenSts.Cosem.Apdu;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Server;

namespace OpenSts.Cosem.Objects;

/// <summary>The objects of a prepayment meter.</summary>
/// <remarks>STS 201-2: class 116, and with it Account, Credit, Charge and Token gateway; class 32850 where the meter has extensions.</remarks>
public static class ObjectModel
{
    /// <summary>The method by which a client answers a challenge: the only one it may call before it has.</summary>
    public static MemberReference ReplyToChallenge { get; } = new(15, Obis.Association, 1);

    /// <summary>The objects in the order of the object list.</summary>
    public static IReadOnlyList<CosemObject> Build(ICosemMeter meter, ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(settings);
        var reading = meter.Read();
        List<CosemObject> objects =
        [
            AssociationObjects.LogicalDeviceName(settings),
            AssociationObjects.SapAssignment(settings),
            AssociationObjects.Association(),
            RegisterObjects.Clock(),
            AssociationObjects.InvocationCounter(),
            SecurityObjects.SecuritySetup(settings),
            RegisterObjects.SerialNumber(meter.Nameplate),
            PaymentObjects.Account(meter.Nameplate),
            PaymentObjects.Credit(meter.Nameplate),
            PaymentObjects.Charge(meter.Nameplate),
            TokenObjects.TokenGateway(),
            TokenObjects.StsAttributes(meter.Nameplate),
            RegisterObjects.Total(meter.Nameplate),
            LimitObjects.DisconnectControl(),
            LimitObjects.AlarmRegister(),
            ProfileObjects.TokenLog(),
            ProfileObjects.CreditHistory(),
            ProfileObjects.ChargeHistory(),
        ];
        if (meter.Nameplate.Service == CreditService.Electricity)
        {
            objects.Add(RegisterObjects.Power());
            objects.Add(LimitObjects.Limiter());
        }

        if (meter.Nameplate.IsPolyphase)
        {
            objects.Add(RegisterObjects.Unbalance());
            objects.Add(LimitObjects.UnbalanceMonitor());
        }

        // STS 201-2, 4.1: only in a meter that has the extensions of STS 202-5.
        if (reading.Flags.Count > 0 || reading.Controls.Count > 0)
            objects.Add(TokenObjects.TokenExtensions());
        if (settings.Push is { } push)
            objects.Add(PushObjects.AlarmPush(push));
        return objects;
    }
}
