using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;

namespace Faas.Http.Wire.Events;

/// <summary>
/// Sends a run's output to its client as server-sent events. Theory of operation: what is taken at one time goes out as one
/// write, and a write that waits for the client (<see cref="EventStream"/>) keeps its caller waiting, so the script stalls at its own next
/// write.
/// </summary>
public sealed class EventStreamSink(HttpContext context, HttpOptions options, RequestGate gate, HttpMeters meters) : IRunSink
{
    private readonly EventStream _stream = new(context, options, meters);
    private readonly ServerSentEvents _events = new(context.Response.BodyWriter);

    /// <inheritdoc />
    public TimeSpan IdleAfter => options.PingInterval;

    /// <inheritdoc />
    public CancellationToken Closing => gate.Abandoned;

    /// <inheritdoc />
    public ValueTask<bool> StartAsync(RunStarted started)
    {
        if (started.Version is { } version)
        {
            context.Response.SetVersion(version);
        }

        context.Response.SetStart(started.Warmth);
        _stream.Begin();
        return _stream.FlushAsync();
    }

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        foreach (var next in events)
        {
            switch (next)
            {
                case OutputLine line:
                    _events.Log(line);
                    break;
                case OutputEnded end when !await _events.EndAsync(end.Outcome, _stream.FlushAsync):
                    return false;
            }
        }

        return await _stream.FlushAsync();
    }

    /// <inheritdoc />
    public ValueTask<bool> IdleAsync()
    {
        EventFrames.Ping(_stream.Output);
        return _stream.FlushAsync();
    }
}
