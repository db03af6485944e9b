namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>What a mother's actor knows of one order for a fork.</summary>
public sealed record MotherChild
{
    /// <summary>The child's user, as the mother's user namespace numbers it.</summary>
    public required ChildWalls Walls { get; init; }

    /// <summary>Where the order is.</summary>
    public ChildPhase Phase { get; init; } = ChildPhase.Waiting;

    /// <summary>The child's pid as the mother sees it; null: she has not told it yet.</summary>
    public int? Pid { get; init; }

    /// <summary>Whether the mother has been asked how it ended, and has not answered yet.</summary>
    public bool IsAsked { get; init; }

    /// <summary>How it ended, if the mother has told it before anybody needed it: the status of wait4(2).</summary>
    public int? Status { get; init; }

    /// <summary>The connections by which it has called.</summary>
    public IReadOnlyList<ChildStream> Calls { get; init; } = [];

    /// <summary>Whether both of its connections are there.</summary>
    public bool HasCalled => Calls.Count == 2;
}

/// <summary>Where the order for a fork is.</summary>
public enum ChildPhase
{
    /// <summary>The mother is not warm yet.</summary>
    Waiting,

    /// <summary>The mother has the order.</summary>
    Ordered,

    /// <summary>The child has called, and the launcher has it.</summary>
    Launched,

    /// <summary>The child is dead or about to end; the mother is asked how.</summary>
    Ending,
}
