namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>One thing that <see cref="MotherState"/> tells the mother's actor to do.</summary>
public abstract record MotherEffect
{
    /// <summary>Tell the parent that she is warm.</summary>
    public sealed record AnnounceWarm : MotherEffect;

    /// <summary>Tell the parent that she takes no further order.</summary>
    public sealed record AnnounceRetirement : MotherEffect;

    /// <summary>Send the order for a fork, and watch how long it takes.</summary>
    public sealed record SendFork(string Token, ChildWalls Walls) : MotherEffect;

    /// <summary>Keep a child's connection until its launch is complete or given up.</summary>
    public sealed record Keep(ChildConnection Connection) : MotherEffect;

    /// <summary>Close a connection of a child that is not expected, or no longer.</summary>
    public sealed record HangUp(ChildConnection Connection) : MotherEffect;

    /// <summary>Give the child's connections to the launcher.</summary>
    public sealed record Launch(string Token) : MotherEffect;

    /// <summary>Tell the launcher why there will be no child, and close what the child has opened.</summary>
    public sealed record Refuse(string Token, string Why) : MotherEffect;

    /// <summary>Give an order back to the parent, who has heard of the retirement before and gives it to another mother.</summary>
    public sealed record Reroute(string Token) : MotherEffect;

    /// <summary>
    /// Close what the child has opened, and give its order back to the parent, who has heard of the retirement before. An order that
    /// has come from another mother already is refused instead.
    /// </summary>
    /// <param name="Token">The order.</param>
    /// <param name="Why">Why there will be no child of this mother.</param>
    public sealed record Retry(string Token, string Why) : MotherEffect;

    /// <summary>Close the connections of a child that the launcher no longer wants.</summary>
    public sealed record Drop(string Token) : MotherEffect;

    /// <summary>Watch how long it takes until she has told how a child has ended.</summary>
    public sealed record AwaitEnd(string Token) : MotherEffect;

    /// <summary>Ask the mother how a child has ended.</summary>
    public sealed record SendReap(int Pid) : MotherEffect;

    /// <summary>Ask her again in a moment: the child has not ended yet.</summary>
    public sealed record ReapLater(string Token) : MotherEffect;

    /// <summary>Look after a while whether the child, which has not called yet, has ended.</summary>
    public sealed record LookLater(string Token) : MotherEffect;

    /// <summary>Tell the launcher how the child has ended.</summary>
    /// <param name="Token">The child's token.</param>
    /// <param name="Status">The status of wait4(2); null: it is not known.</param>
    public sealed record ReportEnd(string Token, int? Status) : MotherEffect;

    /// <summary>Kill the mother.</summary>
    public sealed record Kill : MotherEffect;

    /// <summary>Tell the parent that she is dead. The parent stops the actor.</summary>
    public sealed record AnnounceDeath : MotherEffect;
}
