using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Http;

/// <summary>Callers that each have a kept connection.</summary>
internal static class HttpCallers
{
    private const int LinesOfAnEvent = 3;

    /// <summary>Makes one request again and again; the answer must be the expected value.</summary>
    public static Caller Expecting(Uri server, byte[] request, Expectation expectation) =>
        Of(server, () => request, 200, body => expectation.Check(body.End));

    /// <summary>Makes one streaming request again and again, and reads its events to the last, which must be the result.</summary>
    public static Caller Streaming(Uri server, byte[] request, Workload workload) => Of(server, () => request, 200, body =>
    {
        var events = body.Lines / LinesOfAnEvent;
        var result = $"\"result\",\"data\":{workload.Result}";
        if (events != workload.Printed!.Lines + 1 || !body.Tail.Contains(result, StringComparison.Ordinal))
        {
            throw new CallFailedException($"{events} events, the last: {body.Tail.ReplaceLineEndings(" ")}");
        }
    });

    /// <summary>Makes another request at each call; all must be answered with one status.</summary>
    public static Caller Changing(Uri server, Func<byte[]> next, int wanted) => Of(server, next, wanted, _ => { });

    private static Caller Of(Uri server, Func<byte[]> next, int wanted, Action<Body> check)
    {
        var connection = new HttpConnection(server);
        return new Caller(
            () =>
            {
                var status = connection.Exchange(next());
                if (status != wanted)
                {
                    throw new CallFailedException($"{status}: {Expectation.Beginning(connection.Body.End)}");
                }

                check(connection.Body);
            },
            connection);
    }
}
