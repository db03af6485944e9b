namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// How large V8's heap may be in a sandbox, its young and its old generation together, so that V8 collects garbage before the kernel
/// kills.
/// </summary>
internal static class NodeHeap
{
    // What node needs beside V8's heap: measured 24 MB for a small script, with the zygote's own.
    private const long BesideHeapMegabytes = 32;
    private const long LeastMegabytes = 16; // node does not start with less

    /// <summary>The largest heap in megabytes.</summary>
    /// <param name="memoryBytes">The memory of the sandbox.</param>
    public static long Megabytes(long memoryBytes) => Math.Max(LeastMegabytes, (memoryBytes >> 20) - BesideHeapMegabytes);
}
