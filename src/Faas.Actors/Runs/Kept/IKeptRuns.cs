using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The store of kept runs: their records, their queue and their index, for all servers that share it. Each change is one step. A method
/// throws <see cref="StoreException"/> when the store does not answer; the change may have happened all the same, so each can be asked for
/// again.
/// </summary>
public interface IKeptRuns
{
    /// <summary>Adds a run to the queue. When this returns <see cref="KeptAcceptance.Accepted"/>, the store has it.</summary>
    Task<KeptAcceptance> AcceptAsync(string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation);

    /// <summary>
    /// Adds a run unless an earlier call of the same name has one, which is as long as the record of that run is kept. When the claim has
    /// this <paramref name="id"/>, the store has the run.
    /// </summary>
    /// <param name="id">Its name.</param>
    /// <param name="once">What makes calls the same; null: the call has no name, and so no earlier one has its run.</param>
    /// <param name="asked">Its call.</param>
    /// <param name="input">Its input.</param>
    /// <param name="seat">Who executes it at once; null: it is added to the queue.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<KeptClaim> ClaimAsync(
        string id, KeptOnce? once, KeptCall asked, ReadOnlyMemory<byte> input, KeptSeat? seat, CancellationToken cancellation);

    /// <summary>
    /// Adds a run that takes the place of an ended one to the queue, unless one has taken it already. When the claim has this
    /// <paramref name="id"/>, the store has the run.
    /// </summary>
    /// <param name="old">The ended run. One that is not kept any more has no place to take, and the run is added.</param>
    /// <param name="id">The name of the run.</param>
    /// <param name="asked">Its call.</param>
    /// <param name="input">Its input.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<KeptClaim> RedriveAsync(
        string old, string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation);

    /// <summary>The run of a seat, which never stood in the queue, did not start: it is as if it had never been.</summary>
    Task WithdrawAsync(KeptSeat seat, string id, CancellationToken cancellation);

    /// <summary>Adds the record of a run that did not wait in the queue, and has ended.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="asked">Its call.</param>
    /// <param name="input">Its input.</param>
    /// <param name="node">The server that had it.</param>
    /// <param name="outcome">Its end.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task KeepAsync(
        string id, KeptCall asked, ReadOnlyMemory<byte> input, string node, KeptOutcome outcome, CancellationToken cancellation);

    /// <summary>
    /// Gives the next run to a seat: of the scripts whose runs may start, the one whose turn it is; of its runs, the first of the highest
    /// priority. A seat that has a run already gets that one: its worker has not heard of it.
    /// </summary>
    Task<KeptTurn> TakeAsync(KeptSeat seat, CancellationToken cancellation);

    /// <summary>
    /// The run of a seat has ended, and the next run of its chain is added to the queue, unless the run was cancelled meanwhile. False: the
    /// seat does not have it any more, and nothing is changed.
    /// </summary>
    Task<bool> EndAsync(KeptSeat seat, string id, KeptOutcome outcome, CancellationToken cancellation);

    /// <summary>
    /// An attempt of the run of a seat has ended, and the run waits for its next attempt; or it ends, if it was cancelled meanwhile.
    /// </summary>
    /// <param name="seat">The seat.</param>
    /// <param name="run">The run, with the attempt that has ended.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="delay">How long it waits.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<KeptRetry> RetryAsync(KeptSeat seat, KeptRun run, KeptOutcome outcome, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Stores what the run of a seat has printed. False: the seat does not have it any more, and nothing is changed.</summary>
    Task<bool> AppendAsync(KeptSeat seat, string id, IReadOnlyList<KeptPiece> pieces, CancellationToken cancellation);

    /// <summary>The run of a seat did not start: it goes back to its place in the queue, or ends if it was cancelled meanwhile.</summary>
    Task ReturnAsync(KeptSeat seat, string id, CancellationToken cancellation);

    /// <summary>Ends a run that waits; marks one that is executed.</summary>
    Task<KeptCancellation> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>The runs that are executed, by their seats.</summary>
    Task<IReadOnlyList<(KeptSeat Seat, string Id)>> RunningAsync(CancellationToken cancellation);

    /// <summary>The runs that are executed and marked, by their seats.</summary>
    Task<IReadOnlyList<(KeptSeat Seat, string Id)>> MarkedAsync(CancellationToken cancellation);

    /// <summary>One run with all that is kept of it; null: it is not there, or not any more.</summary>
    Task<KeptRun?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>One run without its input, value and output; null: it is not there, or not any more.</summary>
    Task<KeptRun?> LookAsync(string id, CancellationToken cancellation);

    /// <summary>One run, and a bounded part of its output; null: it is not there, or not any more.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The number of the last line that is known; 0: none is.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<KeptReading?> ReadAsync(string id, long after, CancellationToken cancellation);

    /// <summary>
    /// A page of runs, the newest first, and where the next page begins; null: there is none. A page may be short because few of many runs
    /// are wanted.
    /// </summary>
    /// <param name="filter">Which runs.</param>
    /// <param name="most">The most runs.</param>
    /// <param name="before">The page begins behind the run of this number; null: with the newest.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<(IReadOnlyList<KeptRun> Runs, long? Next)> PageAsync(
        RunFilter filter, int most, long? before, CancellationToken cancellation);

    /// <summary>What the store holds of kept runs now.</summary>
    Task<KeptLevels> LevelsAsync(CancellationToken cancellation);

    /// <summary>Forgets the runs that have ended too long ago.</summary>
    Task CleanAsync(CancellationToken cancellation);
}

/// <summary>What came of adding a run to the queue.</summary>
public enum KeptAcceptance
{
    /// <summary>It is in the queue.</summary>
    Accepted,

    /// <summary>Too many runs of all scripts wait.</summary>
    QueueFull,

    /// <summary>Too many runs of this script wait.</summary>
    PathFull,

    /// <summary>What waits takes too much of the store.</summary>
    StoreFull,
}

/// <summary>What a worker has to do.</summary>
/// <param name="Run">A run, with its input; null: none may start now.</param>
/// <param name="Wait">How long until one may; null: none waits for a time.</param>
public sealed record KeptTurn(KeptRun? Run, TimeSpan? Wait);

/// <summary>The end of a run, with what is kept of it.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Result">The value as JSON; empty: there is none, or it is not kept.</param>
/// <param name="Output">The part of its output that is not stored yet.</param>
public sealed record KeptOutcome(KeptEnd End, ReadOnlyMemory<byte> Result, KeptRest Output)
{
    /// <summary>The value as JSON, whether it is kept or not; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Value { get; init; } = Result;

    /// <summary>The next run of its chain, which is accepted with the end; null: there is none.</summary>
    public KeptNext? Next { get; init; }

    /// <summary>Why there is none, though there should be one; null: there is one, or should be none.</summary>
    public string? NextRefused { get; init; }

    /// <summary>An end without a value, and with the output that is stored.</summary>
    public static KeptOutcome Of(KeptEnd end) => new(end, default, KeptRest.None);
}

/// <summary>What came of cancelling a run.</summary>
public enum KeptCancellation
{
    /// <summary>There is no such run.</summary>
    Unknown,

    /// <summary>It had waited, and has ended now.</summary>
    Ended,

    /// <summary>It had ended before.</summary>
    HadEnded,

    /// <summary>It is executed; its server has to end it.</summary>
    Marked,
}
