using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>A request with a function in it, each time in a text that no server of this run has seen. For one thread at a time.</summary>
internal sealed class FreshRequest
{
    private static int s_last;
    private readonly byte[] _request;
    private readonly int _mark;

    /// <summary>Prepares the request, so that a call of the function costs the load generator no more than a few digits.</summary>
    /// <param name="workload">The function.</param>
    /// <param name="make">Makes a request of one text.</param>
    public FreshRequest(Workload workload, Func<Workload, byte[]> make)
    {
        _request = make(workload.Text(0));
        var mark = Encoding.UTF8.GetBytes(Workload.TextMark(0));
        _mark = _request.AsSpan().IndexOf(mark) + mark.Length - Digits;
    }

    private static int Digits => Workload.TextMark(0).Count(char.IsAsciiDigit);

    /// <summary>The next request; valid until the one after it.</summary>
    public byte[] Next()
    {
        Utf8Formatter.TryFormat(Interlocked.Increment(ref s_last), _request.AsSpan(_mark), out _, new StandardFormat('D', (byte)Digits));
        return _request;
    }
}
