using System.Net.Sockets;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

/// <summary>A mother's state with the effects of its last transition in short words, for tests that read like a log.</summary>
internal sealed class MotherOnPaper
{
    public MotherState State { get; private set; } = MotherState.Initial;

    /// <summary>A mother that is warm.</summary>
    public static MotherOnPaper Warm()
    {
        var mother = new MotherOnPaper();
        mother.Do(state => state.Warmed());
        return mother;
    }

    /// <summary>Takes one step. The effects are told as <c>fork a</c>, <c>launch a</c>, <c>refuse a</c>, <c>reap 7</c> and so on.</summary>
    public IReadOnlyList<string> Do(Func<MotherState, MotherTransition> step)
    {
        var done = step(State);
        State = done.State;
        return [.. done.Effects.Where(effect => effect is not MotherEffect.AwaitEnd).Select(Word)];
    }

    /// <summary>A call of a child.</summary>
    public IReadOnlyList<string> Call(string token, ChildStream stream) => Do(state => state.Called(Connection(token, stream)));

    /// <summary>An order that has come as far as to its launch, with the pid 7.</summary>
    public void Launch(string token)
    {
        Do(state => state.Order(token, new ChildWalls(1, 32 << 20, 33 << 20)));
        Do(state => state.Forked(token, 7));
        Call(token, ChildStream.Frames);
        Call(token, ChildStream.Stderr);
    }

    public static ChildConnection Connection(string token, ChildStream stream) =>
        new(token, stream, 4711, new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));

    public static string Word(MotherEffect effect) => effect switch
    {
        MotherEffect.AnnounceWarm => "warm",
        MotherEffect.AnnounceRetirement => "retires",
        MotherEffect.AnnounceDeath => "dead",
        MotherEffect.SendFork fork => $"fork {fork.Token}",
        MotherEffect.SendReap reap => $"reap {reap.Pid}",
        MotherEffect.ReapLater later => $"later {later.Token}",
        MotherEffect.LookLater later => $"look {later.Token}",
        MotherEffect.Keep keep => $"keep {keep.Connection.Token}",
        MotherEffect.HangUp hangUp => $"hang up {hangUp.Connection.Token}",
        MotherEffect.Launch launch => $"launch {launch.Token}",
        MotherEffect.Refuse refuse => $"refuse {refuse.Token}",
        MotherEffect.Reroute reroute => $"reroute {reroute.Token}",
        MotherEffect.Retry retry => $"retry {retry.Token}",
        MotherEffect.Drop drop => $"drop {drop.Token}",
        MotherEffect.ReportEnd end => $"end {end.Token} {(end.Status is { } status ? status : "unknown")}",
        MotherEffect.Kill => "kill",
        _ => throw new InvalidOperationException($"{effect} has no word."),
    };
}
