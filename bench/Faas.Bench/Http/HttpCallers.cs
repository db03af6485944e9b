using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Http;

/// <summary>Callers that each have a kept connection.</summary>
internal static class HttpCallers
{
    private const int LinesOfAnEvent = 3;

    /// <summary>Makes requests whose answers must be the expected value.</summary>
    public static Caller Expecting(Uri server, Func<byte[]> next, Expectation expectation) =>
        Of(server, next, 200, body => expectation.Check(body.End));

    /// <summary>Makes streaming requests, and reads their events to the last, which must be the result.</summary>
    public static Caller Streaming(Uri server, Func<byte[]> next, Workload workload) => Of(server, next, 200, body =>
    {
        var events = body.Lines / LinesOfAnEvent;
        var result = $"\"result\",\"data\":{workload.Result}";
        if (events != workload.Printed!.Lines + 1 || !body.Tail.Contains(result, StringComparison.Ordinal))
        {
            throw new CallFailedException($"{events} events, the last: {body.Tail.ReplaceLineEndings(" ")}");
        }
    });

    /// <summary>Makes requests that must all be answered with one status.</summary>
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
