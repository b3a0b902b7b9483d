namespace OpenSts.Bulk;

/// <summary>One token of many to issue: for which meter, and what it says.</summary>
/// <param name="MeterPan">The meter.</param>
/// <param name="TariffIndex">The meter's tariff.</param>
/// <param name="Content">Class 0 or 2 and the 48 data bits; <see cref="TokenLayout"/> makes them.</param>
public readonly record struct BulkRequest(MeterPan MeterPan, TariffIndex TariffIndex, TokenContent Content);

/// <summary>One token of many to decode: of which meter, and the token.</summary>
/// <param name="MeterPan">The meter.</param>
/// <param name="TariffIndex">The meter's tariff.</param>
/// <param name="Token">The token, of class 0 or 2.</param>
public readonly record struct BulkToken(MeterPan MeterPan, TariffIndex TariffIndex, Token66 Token);

/// <summary>One token of many to issue under a key of a <see cref="DecoderKeyTable"/>.</summary>
/// <param name="Key">The number of the key in the table, from 0.</param>
/// <param name="Content">Class 0 or 2 and the 48 data bits; <see cref="TokenLayout"/> makes them.</param>
public readonly record struct KeyedRequest(int Key, TokenContent Content);

/// <summary>One token of many to decode under a key of a <see cref="DecoderKeyTable"/>.</summary>
/// <param name="Key">The number of the key in the table, from 0.</param>
/// <param name="Token">The token, of class 0 or 2.</param>
public readonly record struct KeyedToken(int Key, Token66 Token);

/// <summary>What a token of many turned out to be.</summary>
/// <param name="IsOpen">True if the CRC holds: the token was made with that key.</param>
/// <param name="Content">Class and data bits; the default value where the CRC does not hold.</param>
public readonly record struct BulkResult(bool IsOpen, TokenContent Content);
