using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Commands;

/// <summary>One command of the protocol.</summary>
/// <param name="header">Its five characters, such as <c>SM?VC</c>.</param>
internal abstract class ModuleCommand(string header)
{
    public string Header { get; } = header;

    /// <summary>True where the command looks at registers, which are not exchanged while it works.</summary>
    public virtual bool UsesRegisters => true;

    /// <summary>
    /// Writes the fields of the answer and returns its code; what was written is dropped where the code is not
    /// success.
    /// </summary>
    public abstract ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer);
}

/// <summary>A command whose request consists of fields.</summary>
/// <param name="header">See <see cref="ModuleCommand"/>.</param>
/// <param name="types">A letter N, P, H or D for each field.</param>
internal abstract class FieldCommand(string header, string types) : ModuleCommand(header)
{
    private readonly byte[] _types = System.Text.Encoding.ASCII.GetBytes(types);

    public sealed override ResponseCode Answer(RequestScope scope, ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        var code = PtvdFields.TryRead(payload, TypesOf(payload), stackalloc int[PtvdFields.Most], out var fields);
        return code == ResponseCode.Successful ? Answer(scope, fields, answer) : code;
    }

    /// <summary>The letters for a payload: a command with an optional field looks how many there are.</summary>
    protected virtual ReadOnlySpan<byte> TypesOf(ReadOnlySpan<byte> payload) => _types;

    protected abstract ResponseCode Answer(RequestScope scope, PtvdFields fields, AnswerWriter answer);
}
