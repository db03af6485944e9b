using System.Collections.Immutable;

namespace Faas.Actors.Sandboxes.Mothers;

// Theory of operation.
//
//   mother:  Starting --warm--> Warm --retire, stall--> Retired --last child ended--> Dying --died--> Dead
//   child:   Waiting --warm--> Ordered --both connections--> Launched --its end--> Ending --reaped--> (forgotten)
//
// The line that tells a child's pid and the child's two connections come in any order. The launcher gets the child as soon as both
// connections are there, because the child waits for its cgroups. The pid is needed only to ask how the child has ended: the mother is
// its parent, so only she can know.
//
// A child that ends before it calls would leave its order to the clock. So the mother is asked now and then how a child has ended that
// has not called yet. If it has ended, or if it does not call in time, something is wrong with the mother or with what she needs: she
// retires, and another mother gets the order, once.
//
// An order can be given up at any time. When the mother has it already, its child may still call; then the server hangs up, the child
// ends, and is reaped like any other.

/// <summary>
/// The state of a mother's actor, as an immutable value. Each transition returns the next state and the effects that the actor performs.
/// </summary>
public sealed record MotherState
{
    private const string NoCall = "its mother's child did not call in time";

    /// <summary>A mother that is being started.</summary>
    public static MotherState Initial { get; } = new();

    /// <summary>Where she is in her life.</summary>
    public MotherPhase Phase { get; private init; } = MotherPhase.Starting;

    /// <summary>Her children that are not reaped yet, by token.</summary>
    public ImmutableSortedDictionary<string, MotherChild> Children { get; private init; } =
        ImmutableSortedDictionary.Create<string, MotherChild>(StringComparer.Ordinal);

    /// <summary>Whether she is warm and has no child.</summary>
    public bool IsIdle => Phase == MotherPhase.Warm && Children.IsEmpty;

    private bool IsOpen => Phase is MotherPhase.Starting or MotherPhase.Warm;

    /// <summary>The launcher wants a child.</summary>
    /// <param name="token">A name that no other order of this server has.</param>
    /// <param name="walls">What is the child's own among its walls.</param>
    public MotherTransition Order(string token, ChildWalls walls) => Phase switch
    {
        MotherPhase.Starting => new(With(token, new MotherChild { Walls = walls })),
        MotherPhase.Warm => new(
            With(token, new MotherChild { Walls = walls, Phase = ChildPhase.Ordered }), new MotherEffect.SendFork(token, walls)),
        _ => new(this, new MotherEffect.Reroute(token)),
    };

    /// <summary>The launcher no longer wants a child that it has not been given.</summary>
    public MotherTransition GiveUp(string token) => Children.GetValueOrDefault(token) switch
    {
        { Phase: ChildPhase.Waiting } => Forget(token),
        { Phase: ChildPhase.Ordered } child => End(token, child, new MotherEffect.Drop(token)),
        _ => new(this),
    };

    /// <summary>She is warm.</summary>
    public MotherTransition Warmed()
    {
        if (Phase != MotherPhase.Starting)
        {
            return new(this);
        }

        var waiting = Children.Where(child => child.Value.Phase == ChildPhase.Waiting).ToList();
        var ordered = Children.SetItems(waiting.Select(
            child => KeyValuePair.Create(child.Key, child.Value with { Phase = ChildPhase.Ordered })));
        return new(
            this with { Phase = MotherPhase.Warm, Children = ordered },
            [new MotherEffect.AnnounceWarm(), .. waiting.Select(child => new MotherEffect.SendFork(child.Key, child.Value.Walls))]);
    }

    /// <summary>She has forked a child.</summary>
    public MotherTransition Forked(string token, int pid)
    {
        if (Children.GetValueOrDefault(token) is not { Pid: null, Phase: not ChildPhase.Waiting } child)
        {
            return Unexpected($"its mother forked {token}, which was not ordered");
        }

        child = child with { Pid = pid };
        return child.Phase == ChildPhase.Ending ? Ask(token, child) : new(With(token, child));
    }

    /// <summary>She could not fork a child.</summary>
    public MotherTransition ForkFailed(string token, string why)
    {
        if (Children.GetValueOrDefault(token) is not { Pid: null, Phase: ChildPhase.Ordered or ChildPhase.Ending } child)
        {
            return Unexpected($"its mother failed to fork {token}, which was not ordered");
        }

        return child.Phase == ChildPhase.Ending
            ? Forget(token)
            : Without(token, new MotherEffect.Refuse(token, $"its mother could not fork: {why}"));
    }

    /// <summary>A child has called.</summary>
    public MotherTransition Called(ChildConnection connection)
    {
        if (Children.GetValueOrDefault(connection.Token) is not { Phase: ChildPhase.Ordered } child
            || child.Calls.Contains(connection.Stream))
        {
            return new(this, new MotherEffect.HangUp(connection));
        }

        child = child with { Calls = [.. child.Calls, connection.Stream] };
        return child.HasCalled
            ? new(
                With(connection.Token, child with { Phase = ChildPhase.Launched }),
                new MotherEffect.Keep(connection),
                new MotherEffect.Launch(connection.Token))
            : new(With(connection.Token, child), new MotherEffect.Keep(connection));
    }

    /// <summary>
    /// She has taken too long: to fork a child that calls, or to tell how a child has ended. She is not to be relied on, so she takes no
    /// further order.
    /// </summary>
    public MotherTransition Stalled(string token)
    {
        switch (Children.GetValueOrDefault(token))
        {
            case { Phase: ChildPhase.Ordered } child:
                return Retire().Then(state => state.End(token, child, new MotherEffect.Retry(token, NoCall)));
            case { Phase: ChildPhase.Ending }:
                return Forget(token).Then(state => state.Retire());
            default:
                return new(this);
        }
    }

    /// <summary>A child that the launcher was given is dead, or so near its end that it will not be used again.</summary>
    public MotherTransition Ended(string token) => Children.GetValueOrDefault(token) switch
    {
        { Phase: ChildPhase.Launched, Status: { } status } => Forget(token, status),
        { Phase: ChildPhase.Launched } child => End(token, child),
        _ => new(this, new MotherEffect.ReportEnd(token, null)),
    };

    /// <summary>She has looked how a child ended.</summary>
    public MotherTransition Reaped(int pid, int? status)
    {
        var (token, child) = Children.FirstOrDefault(child => child.Value.Pid == pid && child.Value.IsAsked);
        if (child is null)
        {
            return Unexpected($"its mother reaped {pid}, which was not asked for");
        }

        child = child with { IsAsked = false, Status = status };
        return (child.Phase, status) switch
        {
            (ChildPhase.Launched, _) => new(With(token, child)),
            (ChildPhase.Ordered, null) => new(With(token, child), new MotherEffect.LookLater(token)),
            (ChildPhase.Ordered, _) => Retire().Then(
                state => state.Without(token, new MotherEffect.Retry(token, "its mother's child ended before it called"))),
            (_, null) => new(With(token, child), new MotherEffect.ReapLater(token)),
            _ => Forget(token, status),
        };
    }

    /// <summary>It is time to ask, or to ask again, how a child ended.</summary>
    public MotherTransition AskAgain(string token) => (Phase, Children.GetValueOrDefault(token)) switch
    {
        (MotherPhase.Dead, _) => new(this),
        (_, { Phase: ChildPhase.Ordered, Pid: null }) => new(this, new MotherEffect.LookLater(token)),
        (_, { Phase: ChildPhase.Ordered or ChildPhase.Ending, Pid: not null, IsAsked: false } child) => Ask(token, child),
        _ => new(this),
    };

    /// <summary>She shall take no further order.</summary>
    public MotherTransition Retire()
    {
        if (!IsOpen)
        {
            return new(this);
        }

        var waiting = Children.Where(child => child.Value.Phase == ChildPhase.Waiting).Select(child => child.Key).ToList();
        var left = this with { Phase = MotherPhase.Retired, Children = Children.RemoveRange(waiting) };
        var killed = left.KillIfAlone();
        return killed with
        {
            Effects =
            [
                new MotherEffect.AnnounceRetirement(),
                .. waiting.Select(token => new MotherEffect.Reroute(token)),
                .. killed.Effects,
            ],
        };
    }

    /// <summary>She broke the protocol, or did not become warm in time.</summary>
    public MotherTransition Broke(string why)
    {
        if (Phase is MotherPhase.Dying or MotherPhase.Dead)
        {
            return new(this);
        }

        var unlaunched = Unlaunched();
        return new(
            this with { Phase = MotherPhase.Dying, Children = Children.RemoveRange(unlaunched) },
            [
                .. IsOpen ? (MotherEffect[])[new MotherEffect.AnnounceRetirement()] : [],
                .. unlaunched.Select(token => new MotherEffect.Refuse(token, why)),
                new MotherEffect.Kill(),
            ]);
    }

    /// <summary>She is dead, and every sandbox in her pid namespace with her.</summary>
    /// <param name="why">How she died.</param>
    public MotherTransition Died(string why) => new(
        this with { Phase = MotherPhase.Dead, Children = Children.Clear() },
        [
            .. IsOpen ? (MotherEffect[])[new MotherEffect.AnnounceRetirement()] : [],
            .. Unlaunched().Select(token => new MotherEffect.Refuse(token, why)),
            .. Children.Keys.Except(Unlaunched()).Select(token => new MotherEffect.ReportEnd(token, null)),
            new MotherEffect.AnnounceDeath(),
        ]);

    // A retired mother may tell late what the server has stopped waiting for.
    private MotherTransition Unexpected(string why) => Phase == MotherPhase.Retired ? new(this) : Broke(why);

    private List<string> Unlaunched() =>
        [.. Children.Where(child => child.Value.Phase is ChildPhase.Waiting or ChildPhase.Ordered).Select(child => child.Key)];

    private MotherState With(string token, MotherChild child) => this with { Children = Children.SetItem(token, child) };

    private MotherTransition End(string token, MotherChild child, params MotherEffect[] effects)
    {
        child = child with { Phase = ChildPhase.Ending };
        var ending = child is { Pid: not null, IsAsked: false } ? Ask(token, child) : new(With(token, child));
        return ending with { Effects = [.. effects, new MotherEffect.AwaitEnd(token), .. ending.Effects] };
    }

    private MotherTransition Ask(string token, MotherChild child) =>
        new(With(token, child with { IsAsked = true }), new MotherEffect.SendReap(child.Pid!.Value));

    private MotherTransition Forget(string token, int? status = null) =>
        Without(token, new MotherEffect.ReportEnd(token, status == ChildReaped.Unknown ? null : status));

    private MotherTransition Without(string token, MotherEffect effect)
    {
        var gone = (this with { Children = Children.Remove(token) }).KillIfAlone();
        return gone with { Effects = [effect, .. gone.Effects] };
    }

    private MotherTransition KillIfAlone() => Phase == MotherPhase.Retired && Children.IsEmpty
        ? new(this with { Phase = MotherPhase.Dying }, new MotherEffect.Kill())
        : new(this);
}
