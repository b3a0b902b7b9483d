using System.Text;
using OpenSts.SecurityModule.Loading;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>
/// The commands by which a key management centre loads keys: KC agreement, KR request, KL load, KF end, KX removal of
/// a centre.
/// </summary>
/// <remarks>
/// A module whose vault has no identity does not have them, and says so as it does of any other that it does not know.
/// CI, a signed instruction, has no public form and is not here.
/// </remarks>
internal static class LoadingCommands
{
    public static ModuleCommand[] All =>
        [new KeyAgreement(), new KeyRequest(), new KeyLoad(), new FinishLoading(), new RemoveCentre()];
}

/// <summary>
/// A command of key loading: one line in. Only one of them works at a time; token issues go on meanwhile.
/// </summary>
internal abstract class LoadingCommand(string header) : FieldCommand(header, "P")
{
    public sealed override bool UsesRegisters => false;

    protected sealed override ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer)
    {
        var line = Encoding.ASCII.GetString(fields.Text(0));
        return scope.Module.RunLoading(loading => Answer(loading, line, answer));
    }

    protected abstract ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer);

    /// <summary>The code of what was done; an extended error carries its text.</summary>
    protected static ResponseCode CodeOf<T>(ModuleAnswer<T> done, AnswerWriter answer)
        where T : notnull
    {
        if (done.Code == ResponseCode.ExtendedError)
            answer.Print(done.Text);
        return done.Code;
    }
}

/// <summary>SM?KC: takes a centre's certificate; answers with its slot.</summary>
internal sealed class KeyAgreement() : LoadingCommand("SM?KC")
{
    protected override ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer)
    {
        var done = loading.TakeCentre(line);
        if (done.TryGet(out var slot))
            answer.Number(slot);
        return CodeOf(done, answer);
    }
}

/// <summary>SM?KR: makes a request for a key load file; answers with its line.</summary>
internal sealed class KeyRequest() : LoadingCommand("SM?KR")
{
    protected override ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer)
    {
        var done = loading.Request(line);
        if (done.TryGet(out var request))
            answer.Print(request);
        return CodeOf(done, answer);
    }
}

/// <summary>
/// SM?KL: one line of a key load file, staged; answers a header with the number of keys, a key with its register and
/// check value.
/// </summary>
internal sealed class KeyLoad() : LoadingCommand("SM?KL")
{
    protected override ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer)
    {
        var done = loading.Load(line);
        if (!done.TryGet(out var loaded))
            return CodeOf(done, answer);
        answer.Number(loaded.Register == 0 ? loaded.Count : loaded.Register);
        if (loaded.Register != 0)
            answer.Print(loaded.CheckValue);
        return ResponseCode.Successful;
    }
}

/// <summary>
/// SM?KF: puts the staged keys into use in one step; answers with how many came and went and the confirmation for the
/// centre.
/// </summary>
internal sealed class FinishLoading() : LoadingCommand("SM?KF")
{
    protected override ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer)
    {
        var done = loading.Finish(line);
        if (!done.TryGet(out var outcome))
            return CodeOf(done, answer);
        answer.Number(outcome.Loaded);
        answer.Number(outcome.Removed);
        answer.Print(outcome.Confirmation.Mac);
        return ResponseCode.Successful;
    }
}

/// <summary>SM?KX: forgets a centre and erases every key that came from it.</summary>
internal sealed class RemoveCentre() : LoadingCommand("SM?KX")
{
    protected override ResponseCode Answer(ModuleKeyLoader loading, string line, AnswerWriter answer)
    {
        return CodeOf(loading.RemoveCentre(line), answer);
    }
}
