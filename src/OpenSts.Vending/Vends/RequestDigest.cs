using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Vends;

/// <summary>What makes two requests the same: the same id with another digest is a conflict.</summary>
/// <remarks>
/// The digest is of the meaning, not of the text: amounts are minor units, so "100" and "100.00" are one request
/// (fault V9). The encoding
/// is stored for ever: fields are only added at the end, and left out where they hold their default.
/// </remarks>
public static class RequestDigest
{
    /// <summary>SHA-256 over the request's fields, each as <c>name=length:value;</c>; 32 octets.</summary>
    public static byte[] Of(VendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = new StringBuilder("v1;");
        Add(text, "kind", request.Kind.Text());
        Add(text, "meter", request.Meter?.ToString());
        switch (request)
        {
            case CreditRequest credit:
                Add(text, "tender", Number(credit.TenderMinor));
                Add(text, "cash", credit.CashMinor is { } cash ? Number(cash) : null);
                Add(text, "channel", credit.Channel);
                Add(text, "vendor", credit.Vendor);
                Add(text, "outlet", credit.Outlet);
                Add(text, "terminal", credit.Terminal);
                Add(text, "key", credit.UseKey is { } key ? KebabCase.Of(key.ToString()) : null);
                Add(text, "payment", credit.Payment == default ? null : KebabCase.Of(credit.Payment.ToString()));
                break;
            case KeyChangeRequest change:
                Add(text, "to", KeyText(change.To));
                Add(text, "reason", change.Reason);
                break;
            case ReplacementRequest replacement:
                Add(text, "original", replacement.Original);
                Add(text, "reason", replacement.Reason);
                Add(text, "work-order", replacement.WorkOrder);
                break;
            case EngineeringRequest engineering:
                Add(text, "token", KebabCase.Of(engineering.Token.ToString()));
                Add(text, "value", engineering.Value is { } value ? Number(value) : null);
                Add(text, "index", engineering.Index is { } index ? Number(index) : null);
                Add(text, "reason", engineering.Reason);
                Add(text, "work-order", engineering.WorkOrder);
                break;
            default:
                throw new ArgumentException($"There is no digest of {request.GetType().Name}.", nameof(request));
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string KeyText(MeterKey key) =>
        $"{key.SupplyGroup} {key.KeyRevisionNumber} {key.KeyType.Abbreviation()} {key.TariffIndex}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Add(StringBuilder text, string name, string? value)
    {
        if (value is not null)
            _ = text.Append(name).Append('=').Append(value.Length).Append(':').Append(value).Append(';');
    }
}
