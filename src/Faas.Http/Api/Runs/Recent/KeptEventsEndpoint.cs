using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Live;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// <c>GET /api/v1/runs/{id}/events</c>: what a kept run prints and how it ends, as server-sent events, while it waits or is executed at
/// any server, or later. Theory of operation: the store is looked at four times a second for each reader, and the reader gets what
/// comes behind the number that it knows (<see cref="KeptReader"/>). So a reader that is slow holds nothing, and one that comes again
/// with <c>Last-Event-ID</c> goes on where it was. After the last event, it is answered 204, which tells an EventSource to stop.
/// </summary>
public sealed class KeptEventsEndpoint(IKeptRuns runs, KeptReaders readers, LiveEvents live)
{
    /// <summary>Sends events until the run has ended, the client leaves or the server ends.</summary>
    public async Task HandleAsync(HttpContext context, string id)
    {
        context.Response.SetWarnings(UnknownName.InQuery(context.Request.Query, [RunParameters.EventsAfterName]));
        var known = KnownEvent.Of(context.Request, "run");
        var reader = new KeptReader(known);
        if (known is not null)
        {
            switch (await PlaceAsync(context, id, reader))
            {
                case KeptPlace.AtTheEnd:
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                case KeptPlace.Trimmed:
                    throw new ProblemException(FaasProblems.EventsGone(
                        $"What followed the event {known} of the run \"{id}\" is not kept any more."));
                case KeptPlace.Nowhere:
                    throw ProblemException.Malformed($"The run \"{id}\" has ended, and has no event {known}.");
            }
        }
        else
        {
            await runs.LookAsync(context, id, Scopes.Runs);
        }

        await FollowAsync(context, id, reader);
    }

    private async Task<KeptPlace> PlaceAsync(HttpContext context, string id, KeptReader reader)
    {
        try
        {
            await runs.LookAsync(context, id, Scopes.Runs);
            return await runs.ReadAsync(id, reader.After, context.RequestAborted) is { } reading ? reader.PlaceIn(reading) : throw Gone(id);
        }
        catch (ProblemException none) when (none.Problem.Status == StatusCodes.Status404NotFound && KeptIds.Is(id))
        {
            throw Gone(id); // the caller knows an event of it
        }
        catch (StoreException)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    private async Task FollowAsync(HttpContext context, string id, KeptReader reader)
    {
        using var place = readers.Take();
        await live.SendAsync(context, async (stream, cancellation) =>
        {
            var (seen, then) = await LookAsync(id, reader, stream, cancellation);
            reader = then;
            return seen;
        });
    }

    private async Task<(LiveLook, KeptReader)> LookAsync(string id, KeptReader reader, EventStream stream, CancellationToken cancellation)
    {
        KeptReading? reading;
        try
        {
            reading = await runs.ReadAsync(id, reader.After, cancellation);
        }
        catch (StoreException)
        {
            return (LiveLook.Nothing, reader); // the next look comes
        }

        if (reading is null)
        {
            return (LiveLook.End, reader); // it was forgotten; the client that comes again is told so
        }

        var (events, then, isOver) = reader.Read(reading);
        var writer = new KeptEventWriter(stream.Output, stream.FlushAsync);
        foreach (var told in events)
        {
            if (!await writer.WriteAsync(told))
            {
                return (LiveLook.End, then);
            }
        }

        return (isOver ? LiveLook.End : reading.HasMore ? LiveLook.More : events.Count > 0 ? LiveLook.Something : LiveLook.Nothing, then);
    }

    private static ProblemException Gone(string id) =>
        new(FaasProblems.EventsGone($"No run \"{id}\" is kept any more; ended runs are kept for a time (faas.runs.kept)."));
}
