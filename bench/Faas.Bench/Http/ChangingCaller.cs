using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Http;

/// <summary>Makes another request at each call, and wants one status of all.</summary>
/// <param name="server">Where.</param>
/// <param name="next">The next request.</param>
/// <param name="wanted">The status that must come.</param>
internal sealed class ChangingCaller(Uri server, Func<byte[]> next, int wanted) : ICaller
{
    private readonly HttpConnection _connection = new(server);
    private readonly WholeBody _body = new();

    /// <inheritdoc/>
    public void Call()
    {
        var status = _connection.Exchange(next(), _body);
        if (status != wanted)
        {
            throw new CallFailedException($"{status}: {Expectation.Beginning(_body.Bytes)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
