using System.Globalization;
using System.Security.Cryptography;
using OpenSts.Batch.Lines;

namespace OpenSts.Batch.Tokens;

/// <summary>Reads the token that a request asks for, from the fields of its kind and no others.</summary>
internal sealed class TokenFields(TokenRequestLine line, FieldReader fields)
{
    private const string KeyChangeHint = "key change tokens come from the operation keyChange";

    /// <summary>Reads class and subclass; null after an error, also where no token of that kind is issued.</summary>
    public (TokenClass Class, int Subclass)? ReadKind()
    {
        var token = line.Token;
        if (!line.Top["token"].IsGiven)
            fields.Fail(BatchError.Missing("token"));
        else if (!token.IsGiven)
            fields.Fail(BatchError.Value(BatchError.Format, "token", fields.Describe(line.Top["token"]), "an object"));
        var tokenClass = (TokenClass)fields.Number(token, "class", 0, 3);
        var subclass = (int)fields.Number(token, "subclass", 0, 15);
        if (fields.Error is not null)
            return null;
        var reserved = tokenClass switch
        {
            TokenClass.Credit => subclass > 7 ? "subclass 8 to 15 of class 0 are reserved" : null,
            TokenClass.NonMeterSpecificManagement =>
                subclass is >= 3 and <= 5 ? "subclass 3 to 5 of class 1 are reserved" : null,
            TokenClass.MeterSpecificManagement => subclass is 3 or 4 or 8 or 9 ? KeyChangeHint : null,
            _ => "class 3 is reserved",
        };
        if (reserved is null)
            return (tokenClass, subclass);
        fields.Fail(new BatchError(BatchError.FunctionError,
            $"token.class {(int)tokenClass} with token.subclass {subclass}: {reserved}"));
        return null;
    }

    /// <summary>Reads a class 1 token; null after an error.</summary>
    public Token? ReadTest(int subclass)
    {
        Permit("class", "subclass", "control", "manufacturerCode");
        var bits = TokenLayout.ControlBits(subclass);
        var control = fields.Number(line.Token, "control", 0, (1L << bits) - 1);
        var maker = ReadMaker(digits: bits == 28 ? 4 : 2);
        if (fields.Error is not null)
            return null;
        return subclass switch
        {
            0 or 1 => new InitiateMeterTest
            {
                FourDigitForm = subclass == 1,
                Tests = (MeterTests)control,
                ManufacturerCode = maker,
            },
            2 => new ReadExtension { Control = control, ManufacturerCode = maker },
            _ => new ProprietaryTest { ProprietarySubclass = subclass, Control = control, ManufacturerCode = maker },
        };
    }

    /// <summary>Reads a class 0 or class 2 token; null after an error.</summary>
    /// <param name="tokenClass">Credit or meter-specific management.</param>
    /// <param name="subclass">Not reserved.</param>
    /// <param name="baseDate">Of the key.</param>
    /// <param name="drawsRandom">False where a security module draws the random bits.</param>
    public Token? ReadTimed(TokenClass tokenClass, int subclass, BaseDate baseDate, bool drawsRandom = true)
    {
        var payload = tokenClass == TokenClass.Credit ? "amount" : PayloadName(subclass);
        var hasRandom = tokenClass != TokenClass.Credit || subclass < 4;
        if (hasRandom)
            Permit("class", "subclass", "issuedAt", "random", payload);
        else
            Permit("class", "subclass", "issuedAt", payload);
        var issuedAt = fields.Instant(line.Token, "issuedAt");
        var tid = default(TokenIdentifier);
        if (fields.Error is null && !TokenIdentifier.TryForOrdinaryToken(issuedAt, baseDate, out tid))
            fields.Fail(BatchError.Value(
                BatchError.Range,
                "token.issuedAt",
                Rfc3339.Format(issuedAt),
                $"in the range {Rfc3339.Format(baseDate.Start)} to {Rfc3339.Format(baseDate.LastMinute)} of base date "
                    + $"{baseDate}"));
        if (!drawsRandom && line.Token["random"].IsGiven)
            fields.Fail(BatchError.Unwanted("token.random", "the security module draws it"));
        var random = hasRandom && drawsRandom ? ReadRandom() : (byte)0;
        return tokenClass == TokenClass.Credit ? ReadCredit(subclass, tid, random)
            : ReadManagement(subclass, payload, tid, random);
    }

    private Token? ReadCredit(int subclass, TokenIdentifier tid, byte random)
    {
        const string Form = "a decimal number with a dot, such as 25.6";
        var text = fields.Text(line.Token, "amount", Form);
        if (fields.Error is not null)
            return null;
        if (!ExactDecimal.TryReadRoundedUp(text, 1, out _))
        {
            fields.FailValue(BatchError.Format, "token.amount", text, Form);
            return null;
        }

        if (subclass < 4)
        {
            if (TransferAmount.TryParseTenths(text, out var units))
                return new TransferCredit
                {
                    Service = (CreditService)subclass,
                    Amount = units,
                    Tid = tid,
                    Random = random,
                };
            fields.FailValue(BatchError.Range, "token.amount", text, "in the range 0 to 1820162.4");
            return null;
        }

        if (CurrencyAmount.TryParse(text, out var money))
            return new TransferCurrency { Service = (CreditService)(subclass - 4), Amount = money, Tid = tid };
        var limit = ExactDecimal.Format(CurrencyAmount.MaxSteps, CurrencyAmount.Decimals);
        fields.FailValue(BatchError.Range, "token.amount", text, $"in the range -{limit} to {limit}");
        return null;
    }

    private Token? ReadManagement(int subclass, string payload, TokenIdentifier tid, byte random)
    {
        switch (payload)
        {
            case "watts":
                var watts = fields.Number(line.Token, "watts", 0, TransferAmount.MaxUnits);
                _ = TransferAmount.TryFromUnits(watts, out var limit);
                return fields.Error is null ? Limit(subclass, limit, tid, random) : null;
            case "register":
                var register = (CreditRegister)fields.Number(line.Token, "register", 0, 65535);
                if (fields.Error is null && !Enum.IsDefined(register))
                    fields.Fail(BatchError.Value(BatchError.Range, "token.register", $"{(int)register}",
                        "a number from 0 to 7, or 65535 for every register"));
                return fields.Error is null ? new ClearCredit { Register = register, Tid = tid, Random = random }
                    : null;
            case "control":
                RequireElement("control", line.Control);
                var index = (int)fields.Number(line.Control, "index", 0, 62);
                var element = (int)fields.Number(line.Control, "value", 0, 1023);
                return fields.Error is null
                    ? new SetControlElement { Index = index, Element = element, Tid = tid, Random = random } : null;
            case "flag":
                RequireElement("flag", line.Flag);
                var flag = (int)fields.Number(line.Flag, "index", 0, 511);
                var enabled = fields.Truth(line.Flag, "value");
                return fields.Error is null
                    ? new SetFlag { Index = flag, Enabled = enabled, Tid = tid, Random = random } : null;
            default:
                var value = (ushort)fields.Number(line.Token, "value", 0, 65535);
                if (fields.Error is not null)
                    return null;
                // The raw 16 bits of any class 2 token: what they mean is read off them.
                var content = TokenLayout.Management(subclass, random, tid, value);
                _ = TokenLayout.TryRead(content, EncryptionAlgorithm.Ea07, out var token, out _);
                return token;
        }
    }

    private static Token Limit(int subclass, TransferAmount watts, TokenIdentifier tid, byte random) => subclass == 0
        ? new SetMaximumPowerLimit { Watts = watts, Tid = tid, Random = random }
        : new SetMaximumPhasePowerUnbalanceLimit { Watts = watts, Tid = tid, Random = random };

    // The meaningful field of the subclass, or the raw value where that is given in its place.
    private string PayloadName(int subclass)
    {
        if (line.Token["value"].IsGiven)
            return "value";
        return subclass switch
        {
            0 or 6 => "watts",
            1 => "register",
            10 => line.Token["flag"].IsGiven ? "flag" : "control",
            _ => "value",
        };
    }

    private void RequireElement(string name, RequestObject element)
    {
        if (!line.Token[name].IsGiven)
            fields.Fail(BatchError.Missing($"token.{name}"));
        else if (!element.IsGiven)
            fields.Fail(BatchError.Value(BatchError.Format, $"token.{name}", fields.Describe(line.Token[name]),
                "an object with index and value"));
    }

    private byte ReadRandom() => line.Token["random"].IsGiven
        ? (byte)fields.Number(line.Token, "random", 0, 15)
        : (byte)RandomNumberGenerator.GetInt32(16);

    private int ReadMaker(int digits)
    {
        var expected = digits == 4 ? "a code of 4 digits" : "a code of 2 digits";
        var text = fields.Text(line.Token, "manufacturerCode", expected);
        if (fields.Error is not null)
            return 0;
        if (text.Length == digits && !text.ContainsAnyExceptInRange('0', '9'))
            return int.Parse(text, CultureInfo.InvariantCulture);
        fields.FailValue(BatchError.Format, "token.manufacturerCode", text, expected);
        return 0;
    }

    private void Permit(params ReadOnlySpan<string> names)
    {
        if (line.Token.FirstOutside(names) is { } given)
            fields.Fail(BatchError.Unwanted($"token.{given}",
                $"a token of this class and subclass has {string.Join(", ", names.ToArray())}"));
    }
}
