using Microsoft.Extensions.Logging;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;

namespace OpenSts.Dlms.Server;

/// <summary>The log events of a server.</summary>
internal static partial class ServerEvents
{
    [LoggerMessage(1, LogLevel.Warning,
        "Association of client {Sap} refused: wrong password, {Failures} in a row. The answer is delayed by {Delay} "
            + "and the connection is closed.")]
    public static partial void WrongPassword(ILogger logger, int sap, int failures, TimeSpan delay);

    [LoggerMessage(2, LogLevel.Warning,
        "Association of client {Sap} refused: too many attempts wait for a password check.")]
    public static partial void TooManyPasswordAttempts(ILogger logger, int sap);

    [LoggerMessage(3, LogLevel.Warning, "Association of client {Sap} refused: {Diagnostic}.")]
    public static partial void AssociationRefused(ILogger logger, int sap, AssociationDiagnostic diagnostic);

    [LoggerMessage(4, LogLevel.Warning, "Client {Sap} did not answer the challenge correctly.")]
    public static partial void WrongChallengeAnswer(ILogger logger, int sap);

    [LoggerMessage(5, LogLevel.Error, "{Member} could not be read or written.")]
    public static partial void DeviceFailed(ILogger logger, MemberReference member, Exception error);

    [LoggerMessage(6, LogLevel.Error, "{Member} failed unexpectedly.")]
    public static partial void MemberFailed(ILogger logger, MemberReference member, Exception error);
}
