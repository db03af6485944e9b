using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Http;

/// <summary>Makes one request again and again; its answer must be the expected value.</summary>
internal sealed class HttpCaller(Uri server, byte[] request, Expectation expectation) : ICaller
{
    private readonly HttpConnection _connection = new(server);
    private readonly WholeBody _body = new();

    /// <inheritdoc/>
    public void Call()
    {
        var status = _connection.Exchange(request, _body);
        if (status != 200)
        {
            throw new CallFailedException($"{status}: {Expectation.Beginning(_body.Bytes)}");
        }

        expectation.Check(_body.Bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
