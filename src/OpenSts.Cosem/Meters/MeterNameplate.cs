using OpenSts.Metering;

namespace OpenSts.Cosem.Meters;

/// <summary>What a meter is by construction, as COSEM shows it.</summary>
public sealed record MeterNameplate
{
    /// <summary>Its identity.</summary>
    public required MeterPan MeterPan { get; init; }

    /// <summary>Its cipher.</summary>
    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>What it meters.</summary>
    public CreditService Service { get; init; } = CreditService.Electricity;

    /// <summary>True where it counts money instead of units.</summary>
    public bool CountsCurrency { get; init; }

    /// <summary>The name of what it counts: a currency, or empty for the unit of the service.</summary>
    public string CurrencyName { get; init; } = "";

    /// <summary>How many key change tokens it understands, 2 to 4.</summary>
    public byte KeyChangeTokensSupported { get; init; } = 3;

    /// <summary>The number of its STS certificate.</summary>
    public string CertificateNumber { get; init; } = "";

    /// <summary>The token carrier types it takes.</summary>
    /// <remarks>IEC 62055-41: 02 keypad, 07 local virtual carrier, 08 DLMS/COSEM.</remarks>
    public IReadOnlyList<byte> TokenCarrierTypes { get; init; } = [2, 8];

    /// <summary>True where it has more than one phase.</summary>
    public bool IsPolyphase { get; init; }

    /// <summary>True where it has the token extensions of STS 202-5.</summary>
    public bool HasExtensions { get; init; }

    /// <summary>When it began to count credit.</summary>
    public DateTimeOffset Activated { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The nameplate of a meter of these settings, as far as they say.</summary>
    public static MeterNameplate Of(MeterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new MeterNameplate
        {
            MeterPan = settings.MeterPan,
            EncryptionAlgorithm = settings.EncryptionAlgorithm,
            Service = settings.Service,
            CountsCurrency = !settings.CountsUnits,
            KeyChangeTokensSupported = (byte)settings.KeyChangeTokensSupported,
            CertificateNumber = "NONE",
            IsPolyphase = settings.HasPhases,
            HasExtensions = settings.HasExtensions,
        };
    }
}
