using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>The launcher's order for a child of a mother.</summary>
/// <param name="image">What the child shall be.</param>
/// <param name="token">A name that no other order of this server has.</param>
/// <param name="walls">What is the child's own among its walls.</param>
public sealed class ChildOrder(ImageKey image, string token, ChildWalls walls) : INoSerializationVerificationNeeded
{
    private readonly TaskCompletionSource<LaunchedChild> _launched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _retried;

    /// <summary>What the child shall be.</summary>
    public ImageKey Image => image;

    /// <summary>The order's name.</summary>
    public string Token => token;

    /// <summary>What is the child's own among its walls.</summary>
    public ChildWalls Walls => walls;

    /// <summary>The child, which waits for its cgroups; fails with <see cref="SandboxStartException"/>.</summary>
    public Task<LaunchedChild> Launched => _launched.Task;

    /// <summary>
    /// How a launched child has ended: the status of wait4(2), or null where nothing can know it. Completes some time after
    /// <see cref="ChildEnded"/> was sent, or with the mother's death.
    /// </summary>
    public Task<int?> Ended => _ended.Task;

    /// <summary>The actor of the mother that has the order; set by her parent.</summary>
    internal IActorRef Mother { get; set; } = ActorRefs.Nobody;

    /// <summary>Gives the child to the launcher. False: the launcher does not want it any more.</summary>
    internal bool TryLaunch(LaunchedChild child) => _launched.TrySetResult(child);

    /// <summary>Tells the launcher that there will be no child.</summary>
    internal void Refuse(string why) =>
        _launched.TrySetException(new SandboxStartException($"No sandbox can be started: {why.TrimEnd('.')}."));

    /// <summary>A mother has failed it. True, once: another one may have it.</summary>
    internal bool TryRetry() => !_retried && (_retried = true);

    /// <summary>Gives the order up. False: the child has been launched.</summary>
    internal bool TryGiveUp(CancellationToken cancellation) => _launched.TrySetCanceled(cancellation);

    /// <summary>Tells the launcher how the child has ended.</summary>
    internal void ReportEnd(int? status) => _ended.TrySetResult(status);
}

/// <summary>What differs between the walls of one mother's children.</summary>
/// <param name="Slot">The child's user, as the mother's user namespace numbers it.</param>
/// <param name="TmpBytes">The size of its /tmp.</param>
/// <param name="FileBytes">The size of the largest file that it may write.</param>
public sealed record ChildWalls(int Slot, long TmpBytes, long FileBytes);

/// <summary>A child that has called on the server and waits for its cgroups.</summary>
/// <param name="Frames">The connection for frames.</param>
/// <param name="Stderr">The connection for stderr.</param>
public sealed record LaunchedChild(ChildConnection Frames, ChildConnection Stderr);

/// <summary>To a mother's parent: the launcher gives an order up.</summary>
/// <param name="Order">The order.</param>
public sealed record GiveUpOrder(ChildOrder Order) : INoSerializationVerificationNeeded;

/// <summary>To a mother's parent: a launched child is dead, or about to end.</summary>
/// <param name="Order">The child's order.</param>
public sealed record ChildEnded(ChildOrder Order) : INoSerializationVerificationNeeded;
