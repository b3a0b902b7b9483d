using OpenSts.Keys;
using OpenSts.Sts6;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Issues;

/// <summary>Puts an issue's orders to the security module, in order, each as it was written down.</summary>
internal sealed class TokenMaker(ISecurityModule module, TimeSpan patience)
{
    /// <summary>The tokens, or the module's refusal.</summary>
    /// <exception cref="SecurityModuleException">The module did not answer in time, or not to the question: the outcome is unknown.</exception>
    public async Task<Verdict<MadeSet>> MakeAsync(Issue issue)
    {
        var made = new List<MadeTokens>();
        foreach (var order in issue.Orders)
        {
            if (order.Kind == OrderKind.Test)
            {
                var tests = new InitiateMeterTest { FourDigitForm = false, Tests = (MeterTests)order.Field };
                made.Add(new MadeTokens(order.Kind, order.Value, [TokenIssuer.IssueInClear(tests)]));
                continue;
            }

            using var limit = new CancellationTokenSource(patience);
            var (code, text, tokens) = await AskAsync(issue.Meter!, order, limit.Token).ConfigureAwait(false);
            // A module that speaks of itself (its disk is full, say) refused nothing: whether it made tokens is unknown.
            if (code.Outcome() is RequestOutcome.Unknown or RequestOutcome.NotDone)
                throw new SecurityModuleException($"The security module answered {code}{(text.Length == 0 ? "" : ": " + text)}.");
            if (code != ResponseCode.Successful)
                return new Refusal("module-refused", $"The security module answered {code}{(text.Length == 0 ? "" : ": " + text)}.");
            made.Add(new MadeTokens(order.Kind, order.Value, tokens, order.Identifier, order.BaseDate, order.Key, order.ToKey));
        }

        return new MadeSet(made);
    }

    private async Task<(ResponseCode Code, string Text, IReadOnlyList<Token66> Tokens)> AskAsync(PaymentMeter meter, TokenOrder order, CancellationToken limit)
    {
        try
        {
            if (order.Kind == OrderKind.KeyChange)
            {
                var set = await module.VendKeyChangeAsync(KeyChange(meter, order), limit).AsTask().WaitAsync(patience, CancellationToken.None).ConfigureAwait(false);
                return set.TryGet(out var tokens) ? (set.Code, "", Believed(tokens.Tokens, order, TokenClass.MeterSpecificManagement)) : (Refused(set.Code), set.Text, []);
            }

            var request = Vend(meter, order);
            var management = order.Kind == OrderKind.Management;
            var asked = management ? module.VendManagementAsync(request, limit).AsTask() : module.VendCreditAsync(request, limit).AsTask();
            var answer = await asked.WaitAsync(patience, CancellationToken.None).ConfigureAwait(false);
            return answer.Code == ResponseCode.Successful
                ? (answer.Code, "", Believed([answer.Value], order, management ? TokenClass.MeterSpecificManagement : TokenClass.Credit))
                : (answer.Code, answer.Text, []);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            throw new SecurityModuleException($"The security module did not answer within {patience.TotalSeconds} s.", error);
        }
    }

    // A module that answers with another kind or number of tokens is not believed; what it made is unknown.
    private static IReadOnlyList<Token66> Believed(IReadOnlyList<Token66> tokens, TokenOrder order, TokenClass expected) =>
        tokens.Count == order.Count && tokens.All(token => token.Class == expected)
            ? tokens
            : throw new SecurityModuleException("The security module answered with tokens of another class or number than were asked for.");

    private static ResponseCode Refused(ResponseCode code) =>
        code != ResponseCode.Successful ? code : throw new SecurityModuleException("The security module answered Successful without tokens.");

    private static VendRequest Vend(PaymentMeter meter, TokenOrder order) => new()
    {
        Register = order.Register,
        MeterPan = meter.Pan,
        TariffIndex = order.Key!.TariffIndex,
        EncryptionAlgorithm = meter.EncryptionAlgorithm,
        TokenCarrierType = (int)meter.TokenCarrierType,
        Subclass = order.Subclass,
        Field = (int)order.Field,
        TokenIdentifier = TokenIdentifier.FromNumber(order.Identifier!.Value),
    };

    private static KeyChangeRequest KeyChange(PaymentMeter meter, TokenOrder order) => new()
    {
        FromRegister = order.Register,
        ToRegister = order.ToRegister,
        MeterPan = meter.Pan,
        FromTariffIndex = order.Key!.TariffIndex,
        ToTariffIndex = order.ToKey!.TariffIndex,
        EncryptionAlgorithm = meter.EncryptionAlgorithm,
        TokenCarrierType = (int)meter.TokenCarrierType,
        NumberOfTokens = order.Count,
    };
}

/// <summary>Tokens in the order of their orders.</summary>
internal sealed record MadeSet(IReadOnlyList<MadeTokens> Made);
