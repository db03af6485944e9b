using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Storage;

/// <summary>
/// A store of kept runs whose changes are counted. Theory of operation: what becomes of a run is known where the store replies, so it is
/// counted there, and once, for all parts of the server. A reply that is lost is not counted. Only of a run that has failed the
/// record is looked at, because it alone says whether the run is a dead letter.
/// </summary>
public sealed class MeasuredKeptRuns(IKeptRuns runs, KeptMeters meters) : IKeptRuns
{
    /// <inheritdoc/>
    public async Task<KeptAcceptance> AcceptAsync(
        string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var acceptance = await runs.AcceptAsync(id, asked, input, cancellation);
        meters.Asked(acceptance);
        return acceptance;
    }

    /// <inheritdoc/>
    public async Task<KeptClaim> ClaimAsync(
        string id, KeptOnce? once, KeptCall asked, ReadOnlyMemory<byte> input, KeptSeat? seat, CancellationToken cancellation)
    {
        var claim = Counted(await runs.ClaimAsync(id, once, asked, input, seat, cancellation), id);
        if (seat is not null && claim.Acceptance == KeptAcceptance.Accepted && claim.Id == id)
        {
            meters.Took(seat);
        }

        return claim;
    }

    /// <inheritdoc/>
    public async Task<KeptClaim> RedriveAsync(
        string old, string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation) =>
        Counted(await runs.RedriveAsync(old, id, asked, input, cancellation), id);

    /// <inheritdoc/>
    public async Task WithdrawAsync(KeptSeat seat, string id, CancellationToken cancellation)
    {
        await runs.WithdrawAsync(seat, id, cancellation);
        meters.Left(seat);
    }

    /// <inheritdoc/>
    public async Task KeepAsync(
        string id, KeptCall asked, ReadOnlyMemory<byte> input, string node, KeptOutcome outcome, CancellationToken cancellation)
    {
        await WrittenAsync(async () =>
        {
            await runs.KeepAsync(id, asked, input, node, outcome, cancellation);
            return true;
        });
        meters.Ended(outcome.End, isDead: false); // its caller knows
    }

    /// <inheritdoc/>
    public async Task<KeptTurn> TakeAsync(KeptSeat seat, CancellationToken cancellation)
    {
        var turn = await runs.TakeAsync(seat, cancellation);
        if (turn.Run is not null)
        {
            meters.Took(seat);
        }

        return turn;
    }

    /// <inheritdoc/>
    public async Task<bool> EndAsync(KeptSeat seat, string id, KeptOutcome outcome, CancellationToken cancellation)
    {
        var isWritten = await WrittenAsync(() => runs.EndAsync(seat, id, outcome, cancellation));
        meters.Left(seat);
        if (isWritten)
        {
            meters.Ended(outcome.End, !outcome.End.IsOk && await IsDeadAsync(id, cancellation));
        }

        return isWritten;
    }

    /// <inheritdoc/>
    public async Task<KeptRetry> RetryAsync(
        KeptSeat seat, KeptRun run, KeptOutcome outcome, TimeSpan delay, CancellationToken cancellation)
    {
        var became = KeptRetry.NotOwn;
        await WrittenAsync(async () =>
        {
            became = await runs.RetryAsync(seat, run, outcome, delay, cancellation);
            return true;
        });
        meters.Left(seat);
        if (became == KeptRetry.Waits)
        {
            meters.Retried();
        }
        else if (became == KeptRetry.Ended)
        {
            meters.Ended(outcome.End, !outcome.End.IsOk && await IsDeadAsync(run.Id, cancellation));
        }

        return became;
    }

    /// <inheritdoc/>
    public Task<bool> AppendAsync(KeptSeat seat, string id, IReadOnlyList<KeptPiece> pieces, CancellationToken cancellation) =>
        runs.AppendAsync(seat, id, pieces, cancellation);

    /// <inheritdoc/>
    public async Task ReturnAsync(KeptSeat seat, string id, CancellationToken cancellation)
    {
        await runs.ReturnAsync(seat, id, cancellation);
        meters.Left(seat);
        meters.Returned();
    }

    /// <inheritdoc/>
    public async Task<KeptCancellation> CancelAsync(string id, CancellationToken cancellation)
    {
        var done = await runs.CancelAsync(id, cancellation);
        if (done == KeptCancellation.Ended)
        {
            meters.Ended(KeptEnd.Cancelled, isDead: false);
        }

        return done;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(KeptSeat Seat, string Id)>> RunningAsync(CancellationToken cancellation) => runs.RunningAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<(KeptSeat Seat, string Id)>> MarkedAsync(CancellationToken cancellation) => runs.MarkedAsync(cancellation);

    /// <inheritdoc/>
    public Task<KeptRun?> FindAsync(string id, CancellationToken cancellation) => runs.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<KeptRun?> LookAsync(string id, CancellationToken cancellation) => runs.LookAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<KeptReading?> ReadAsync(string id, long after, CancellationToken cancellation) => runs.ReadAsync(id, after, cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<KeptRun> Runs, long? Next)> PageAsync(
        RunFilter filter, int most, long? before, CancellationToken cancellation) => runs.PageAsync(filter, most, before, cancellation);

    /// <inheritdoc/>
    public Task<KeptLevels> LevelsAsync(CancellationToken cancellation) => runs.LevelsAsync(cancellation);

    /// <inheritdoc/>
    public Task CleanAsync(CancellationToken cancellation) => runs.CleanAsync(cancellation);

    private KeptClaim Counted(KeptClaim claim, string id)
    {
        if (claim.Acceptance != KeptAcceptance.Accepted || claim.Id == id)
        {
            meters.Asked(claim.Acceptance);
        }

        return claim;
    }

    private async Task<bool> WrittenAsync(Func<Task<bool>> write)
    {
        try
        {
            return await write();
        }
        catch (StoreException)
        {
            meters.NotWritten();
            throw;
        }
    }

    private async Task<bool> IsDeadAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await runs.LookAsync(id, cancellation) is { IsDead: true };
        }
        catch (StoreException)
        {
            return false; // the end is written, and a count is no reason to write it again
        }
    }
}
