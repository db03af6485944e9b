using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Live;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Batches;

/// <summary>
/// <c>GET /api/v1/batches/{id}/events</c>: the results of a batch in the order in which its runs end, as server-sent events, at any
/// server, while the batch goes on or later. Theory of operation: as of <see cref="KeptEventsEndpoint"/>. The store is looked at four times
/// a second for each reader, and without a pause while there is more; the values are read from the records of the runs then.
/// </summary>
public sealed class BatchEventsEndpoint(IBatches batches, KeptReaders readers, LiveEvents live)
{
    /// <summary>Sends events until the batch has ended, the client leaves or the server ends.</summary>
    public async Task HandleAsync(HttpContext context, string id)
    {
        context.Response.SetWarnings(UnknownName.InQuery(context.Request.Query, [RunParameters.EventsAfterName]));
        var known = KnownEvent.Of(context.Request, "batch");
        var reader = new BatchReader(known);
        var batch = await FindAsync(context, id, known);
        if (known is not null)
        {
            switch (reader.PlaceIn(batch))
            {
                case KeptPlace.AtTheEnd:
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                case KeptPlace.Nowhere:
                    throw ProblemException.Malformed($"The batch \"{id}\" has no event {known} yet.");
            }
        }

        using var place = readers.Take();
        await FollowAsync(context, id, reader);
    }

    /// <summary>Sends what a reader does not know, for a caller who has a place among the readers.</summary>
    public Task FollowAsync(HttpContext context, string id, BatchReader reader) => live.SendAsync(context, async (stream, cancellation) =>
    {
        BatchReading? reading;
        try
        {
            reading = await batches.ReadAsync(id, reader.After, cancellation);
        }
        catch (StoreException)
        {
            return LiveLook.Nothing; // the next look comes
        }

        if (reading is null)
        {
            return LiveLook.End; // it was forgotten; the client that comes again is told so
        }

        (var events, reader, var isOver) = reader.Read(reading);
        foreach (var told in events)
        {
            BatchEventWriter.Write(stream.Output, told);
        }

        return isOver ? LiveLook.End : reading.HasMore ? LiveLook.More : events.Count > 0 ? LiveLook.Something : LiveLook.Nothing;
    });

    private async Task<Batch> FindAsync(HttpContext context, string id, long? known)
    {
        try
        {
            return await batches.FindAsync(context, id, Scopes.Runs);
        }
        catch (ProblemException none)
            when (known is not null && none.Problem.Status == StatusCodes.Status404NotFound && BatchIds.Is(id))
        {
            throw new ProblemException(FaasProblems.EventsGone(
                $"No batch \"{id}\" is kept any more; ended batches are kept for a time (faas.runs.kept)."));
        }
    }
}
