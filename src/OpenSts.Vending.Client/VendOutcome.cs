namespace OpenSts.Vending.Client;

/// <summary>What came of a sale, a key change, a replacement or an engineering token. One of five, and each is to be acted on differently.</summary>
public abstract record VendOutcome
{
    private VendOutcome(VendId id) => Id = id;

    /// <summary>The client's own identity for it.</summary>
    public VendId Id { get; }

    /// <summary>True where it will never be another; false for <see cref="Unknown"/> and <see cref="AwaitingApproval"/>.</summary>
    public bool IsDecided => this is Issued or Refused or NeverSeen;

    /// <summary>Tokens were made; asking again gives the same ones.</summary>
    public sealed record Issued : VendOutcome
    {
        internal Issued(VendId id, Vend vend)
            : base(id) => Vend = vend;

        /// <summary>With its tokens.</summary>
        public Vend Vend { get; }

        /// <summary>Takes the outcome apart.</summary>
        public void Deconstruct(out Vend vend) => vend = Vend;
    }

    /// <summary>It waits for a second person; the tokens are made when that person approves.</summary>
    public sealed record AwaitingApproval : VendOutcome
    {
        internal AwaitingApproval(VendId id, Vend vend)
            : base(id) => Vend = vend;

        /// <summary>Without tokens.</summary>
        public Vend Vend { get; }
    }

    /// <summary>No token was made.</summary>
    public sealed record Refused : VendOutcome
    {
        internal Refused(VendId id, Problem problem, bool idIsSpent)
            : base(id) => (Problem, IdIsSpent) = (problem, idIsSpent);

        /// <summary>Why.</summary>
        public Problem Problem { get; }

        /// <summary>True where the refusal is stored and the id has it for ever; false where nothing was stored: mend the cause and use the id again.</summary>
        public bool IdIsSpent { get; }
    }

    /// <summary>The server has handled everything that could be on its way, and knows no such id: no token was made.</summary>
    public sealed record NeverSeen : VendOutcome
    {
        internal NeverSeen(VendId id)
            : base(id)
        {
        }
    }

    /// <summary>Nobody knows: the server was not heard of in time, or does not know itself yet. Ask again with the same id.</summary>
    public sealed record Unknown : VendOutcome
    {
        internal Unknown(VendId id, string why)
            : base(id) => Why = why;

        /// <summary>A sentence about the last attempt.</summary>
        public string Why { get; }
    }
}
