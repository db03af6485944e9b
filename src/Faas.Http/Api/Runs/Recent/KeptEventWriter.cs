using System.Buffers;
using System.Text;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Http.Wire.Events;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// Writes the events of a kept run: lines and the end in the bytes that the stream of a call has for them, and what only a late reader
/// needs. An event has the same bytes whenever it is written.
/// </summary>
internal sealed class KeptEventWriter(IBufferWriter<byte> output, Func<ValueTask<bool>> send)
{
    private readonly ServerSentEvents _events = new(output);

    /// <summary>Writes one. False: the client is gone.</summary>
    public async ValueTask<bool> WriteAsync(KeptEvent told)
    {
        switch (told)
        {
            case KeptStateEvent { Number: var number, Waits: var waits }:
                BeginEvent(number);
                output.Write(waits
                    ? "{\"event\":\"state\",\"data\":\"queued\",\"type\":\"text\"}"u8
                    : "{\"event\":\"state\",\"data\":\"running\",\"type\":\"text\"}"u8);
                EventFrames.End(output);
                return true;
            case KeptLineEvent { Number: var number, Line: var line }:
                _events.LastId = number - 1;
                _events.Log(line.Stream, Encoding.UTF8.GetBytes(line.Text), line.Partial, line.Partial || line.Rest);
                return true;
            case KeptGapEvent gap:
                BeginEvent(gap.Number);
                output.Write(Encoding.ASCII.GetBytes($"{{\"event\":\"gap\",\"data\":{gap.Lines},\"type\":\"number\"}}"));
                EventFrames.End(output);
                return true;
            case KeptEndEvent { Number: var number, Run: var run }:
                _events.LastId = number - 1;
                return await EndAsync(run);
            default:
                throw new InvalidOperationException($"A kept run told {told.GetType().Name}.");
        }
    }

    private async ValueTask<bool> EndAsync(KeptRun run)
    {
        var end = run.End!;
        if (!WireNames.TryParse<Reason>(end.Reason, out var reason))
        {
            _events.Failure(EndedReply.ProblemOf(end));
            return true;
        }

        var outcome = EndedReply.OutcomeOf(reason, run);
        if (end.ResultCut is not true)
        {
            return await _events.EndAsync(outcome, send);
        }

        _events.ResultCut(outcome.Usage);
        return true;
    }

    private void BeginEvent(long? number)
    {
        if (number is { } id)
        {
            EventFrames.Begin(output, id);
        }
        else
        {
            EventFrames.Begin(output, default(ReadOnlySpan<byte>));
        }
    }
}
