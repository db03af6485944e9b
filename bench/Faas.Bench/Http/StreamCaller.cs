using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Http;

/// <summary>Makes one streaming request again and again, and reads its events to the last, which must be the result.</summary>
internal sealed class StreamCaller(Uri server, byte[] request, Workload workload) : ICaller
{
    private readonly HttpConnection _connection = new(server);
    private readonly EventCount _events = new();

    /// <inheritdoc/>
    public void Call()
    {
        var status = _connection.Exchange(request, _events);
        if (status != 200 || _events.Events != workload.Printed!.Lines + 1 || !_events.Tail.Contains($"\"result\",\"data\":{workload.Result}", StringComparison.Ordinal))
        {
            throw new CallFailedException($"{status}, {_events.Events} events: {_events.Tail.ReplaceLineEndings(" ")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
