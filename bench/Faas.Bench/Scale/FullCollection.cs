using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Faas.Bench.Scale;

// Theory of operation. A session of a .NET process's event pipe with the runtime's keyword GCHeapCollect makes the process
// collect all generations. The session's own events are read to the end and mean nothing here.

/// <summary>Makes another .NET process collect its garbage.</summary>
internal static class FullCollection
{
    private const long HeapCollect = 0x800000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when it is done. Throws <see cref="BenchException"/> when the process does not listen, or refuses.</summary>
    public static void Of(int pid)
    {
        try
        {
            var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect);
            using var session = new DiagnosticsClient(pid).StartEventPipeSession(provider, requestRundown: false);
            var drained = session.EventStream.CopyToAsync(Stream.Null);
            session.Stop();
            if (!drained.Wait(s_patience))
            {
                throw new BenchException($"Process {pid} did not end its collection within {s_patience.TotalSeconds:0} s.");
            }
        }
        catch (DiagnosticsClientException refused)
        {
            throw new BenchException($"Process {pid} does not collect its garbage when told to: {refused.Message}", refused);
        }
    }
}
