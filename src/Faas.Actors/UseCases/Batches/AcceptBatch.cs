using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.UseCases.Batches;

/// <summary>A batch that the store has.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The version that the call means; the runs of an earlier batch may run another one, which its record says.</param>
/// <param name="IsEarlier">Whether an earlier call has brought it.</param>
public sealed record AcceptedBatch(string Id, long Version, bool IsEarlier);

/// <summary>
/// Accepts many runs of a stored script at once, one for each input: all of them or none. Script and version are found once, now, so all
/// runs run the same version.
/// </summary>
public sealed class AcceptBatch(AcceptRun accept, KeptRunsOptions kept, IBatches batches, KeptSignal signal)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    /// <summary>Accepts it, or says why not.</summary>
    /// <param name="request">What to run; its input is not looked at.</param>
    /// <param name="inputs">The input of each run as JSON.</param>
    /// <param name="terms">The priority of the runs, the time before which they do not start, and their caller.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the batch may be accepted all the same.</param>
    public async Task<OrRefusal<AcceptedBatch>> ExecuteAsync(
        RunScriptRequest request, IReadOnlyList<ReadOnlyMemory<byte>> inputs, KeptTerms terms, CancellationToken cancellation)
    {
        if (RefusalOf(inputs) is { } wrong)
        {
            return wrong;
        }

        var (asked, refusal) = await accept.PrepareAsync(request, terms, cancellation);
        if (asked is null)
        {
            return refusal!;
        }

        var id = BatchIds.Next(request.Arguments.CallId);
        try
        {
            var claim = await batches.AcceptAsync(id, terms.Once, asked, inputs, cancellation);
            if (claim.Acceptance != KeptAcceptance.Accepted || !claim.IsSame)
            {
                return claim.IsSame ? Full(claim.Acceptance, asked.Path, inputs.Count) : Refusal.OtherBatch(claim.Id);
            }

            if (claim.Id != id)
            {
                return new AcceptedBatch(claim.Id, asked.Version, IsEarlier: true);
            }
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the batch was accepted.");
        }

        signal.Set();
        return new AcceptedBatch(id, asked.Version, IsEarlier: false);
    }

    private Refusal? RefusalOf(IReadOnlyList<ReadOnlyMemory<byte>> inputs)
    {
        // More than the empty queue holds will never be accepted.
        foreach (var (most, name) in new[] { (kept.QueuePerPath, "queue-per-path"), (kept.Queue, "queue") })
        {
            if (inputs.Count > most)
            {
                return Refusal.TooLarge($"The batch has {inputs.Count} inputs; allowed are {most} (faas.runs.kept.{name}).");
            }
        }

        foreach (var (index, input) in inputs.Index())
        {
            if (input.Length > kept.InputBytes)
            {
                return Refusal.TooLarge(
                    $"Input {index} has {input.Length} bytes; each may have {kept.InputBytes} (faas.runs.kept.input-size). "
                    + "The first one is input 0.");
            }
        }

        return inputs.Count == 0 ? Refusal.Malformed("The batch has no input.") : null;
    }

    private Refusal Full(KeptAcceptance acceptance, string path, int inputs) => new(
        RefusalReason.QueueFull,
        acceptance switch
        {
            KeptAcceptance.QueueFull =>
                $"With {inputs} more, over {kept.Queue} asynchronous runs would wait (faas.runs.kept.queue). None was accepted.",
            KeptAcceptance.PathFull =>
                $"With {inputs} more, over {kept.QueuePerPath} asynchronous runs of the script \"{path}\" would wait "
                + "(faas.runs.kept.queue-per-path). None was accepted.",
            _ => "The inputs would take too much of the store (faas.runs.kept.max-size). None was accepted.",
        },
        s_soon);
}
