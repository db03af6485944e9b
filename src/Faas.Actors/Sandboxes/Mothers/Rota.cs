namespace Faas.Actors.Sandboxes.Mothers;

// Theory of operation: all children of one mother share her memory layout, her stack canary and her hash seeds. So a mother serves only
// for a number of children, or for a time. Her successor is started before she retires, and warms up while she still takes orders, so no
// order waits for a start. A retired mother lives until the last of her children has ended.

/// <summary>
/// Which of the mothers of one image takes the next order, as an immutable value. Pure; the caller passes the time in, as time since a
/// fixed point.
/// </summary>
/// <typeparam name="T">What stands for a mother.</typeparam>
/// <param name="MostChildren">The children after which a mother is replaced.</param>
/// <param name="MaxAge">The time after which a warm mother is replaced.</param>
public sealed record Rota<T>(int MostChildren, TimeSpan MaxAge)
    where T : class
{
    /// <summary>The mother that takes orders; null: there is none.</summary>
    public T? Current { get; private init; }

    /// <summary>Her successor, which is not warm yet; null: she has none.</summary>
    public T? Next { get; private init; }

    private int Children { get; init; }

    private TimeSpan Since { get; init; }

    /// <summary>An order has come. True: another mother is to be started (<see cref="Started"/>) before the order is given.</summary>
    public bool NeedsStart(TimeSpan now) => Current is null || (Next is null && (Children >= MostChildren || now - Since >= MaxAge));

    /// <summary>Another mother is being started. She takes orders at once when there is no other.</summary>
    public Rota<T> Started(T mother, TimeSpan now) => Current is null
        ? this with { Current = mother, Children = 0, Since = now }
        : this with { Next = mother };

    /// <summary>The current mother has been given an order.</summary>
    public Rota<T> Ordered() => this with { Children = Children + 1 };

    /// <summary>A mother is warm. Returns the mother that is to retire, too; null: none is.</summary>
    public (Rota<T> Rota, T? Retiring) Warmed(T mother, TimeSpan now) =>
        mother == Next ? (Succeed(now), Current) : mother == Current ? (this with { Since = now }, null) : (this, null);

    /// <summary>A mother takes no further orders. Her successor takes over, even if it is not warm yet.</summary>
    public Rota<T> Left(T mother, TimeSpan now) =>
        mother == Current ? Succeed(now) : mother == Next ? this with { Next = null } : this;

    private Rota<T> Succeed(TimeSpan now) => this with { Current = Next, Next = null, Children = 0, Since = now };
}
