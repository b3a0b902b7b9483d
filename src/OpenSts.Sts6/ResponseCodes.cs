namespace OpenSts.Sts6;

/// <summary>Words for a <see cref="ResponseCode"/>.</summary>
public static class ResponseCodes
{
    /// <summary>What the code says about the request.</summary>
    public static RequestOutcome Outcome(this ResponseCode code) => code switch
    {
        ResponseCode.Successful => RequestOutcome.Done,
        ResponseCode.ChecksumError => RequestOutcome.NotDone,
        ResponseCode.DeviceFailure or ResponseCode.TamperedState or ResponseCode.AppErrorState
            or ResponseCode.ExtendedError => RequestOutcome.Unknown,
        ResponseCode.KeypadCancelled or ResponseCode.KeypadError or ResponseCode.KeypadAbsent =>
            RequestOutcome.Unknown,
        _ when Enum.IsDefined(code) => RequestOutcome.Refused,
        _ => RequestOutcome.Unknown,
    };

    /// <summary>The meaning of the code, in a few words.</summary>
    public static string Describe(this ResponseCode code) => code switch
    {
        ResponseCode.Successful => "done",
        ResponseCode.DeviceFailure => "the module or its token failed",
        ResponseCode.FormatError => "the parameters are not of the command's form",
        ResponseCode.TokenCrcError => "the token's check does not hold under this key",
        ResponseCode.KeyTypeError => "no credit under a default key, nor under a common key without magnetic cards",
        ResponseCode.ChecksumError => "the check of the request is wrong",
        ResponseCode.InvalidRequestHeader => "the module has no such command",
        ResponseCode.KmcKeyStateError => "the key management centre's key is not active",
        ResponseCode.KekSlotNotFound => "there is no such key management centre, or no room for one",
        ResponseCode.VkRegNotFound => "the register is empty",
        ResponseCode.KeyChangeNotAllowed => "one of the rules for key changes is not met",
        ResponseCode.InsufficientCreditBalance => "the register's limit is used up",
        ResponseCode.InvalidSecurityModuleId => "the instruction is for another module",
        ResponseCode.KeyParamError => "algorithm, tariff index, key type or subclass do not fit the register",
        ResponseCode.KeyExpired => "the token's time lies beyond the key expiry number",
        ResponseCode.KeyIssueExpired => "the key may not be used any more at the module's time",
        ResponseCode.KeyNotYetActive => "the key may not be used yet at the module's time",
        ResponseCode.TidOutOfWindow => "the token's time is too far from the module's clock",
        ResponseCode.LogRangeError => "the log has no such entry",
        ResponseCode.SubclassNotAllowed => "the register may not sell this subclass",
        ResponseCode.DfFormatError => "a joined text or its check is wrong",
        ResponseCode.TamperedState => "the module was tampered with",
        ResponseCode.AppErrorState => "the module failed and has to be started again",
        ResponseCode.PtvdFieldCount => "the request has too few or too many fields",
        ResponseCode.PtvdFieldType => "a field is of another type",
        ResponseCode.PtvdEncoding => "a field is not written as its type is",
        ResponseCode.PtvdRange => "a field is out of range",
        ResponseCode.InvalidPan => "the MeterPAN is not 18 digits with good check digits",
        ResponseCode.AuthenticationError => "the authentication code is wrong",
        ResponseCode.DdtkCreditError => "a credit token under a default key",
        ResponseCode.InvalidNumberOfTokens => "EA07 takes 2 or 3 tokens, EA11 4",
        ResponseCode.InvalidInstruction => "the instruction is not one",
        ResponseCode.AttributeError => "an attribute is missing or out of range",
        ResponseCode.NotLicensed => "the licence does not permit it",
        ResponseCode.ExtendedError => "see the text",
        ResponseCode.KeypadCancelled or ResponseCode.KeypadError or ResponseCode.KeypadAbsent => "the keypad",
        ResponseCode.ComponentCheckError => "the check digits of a component are wrong",
        _ => "a code of the module's maker",
    };
}
