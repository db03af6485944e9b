using System.Diagnostics;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>Sends signals to processes that the tests started.</summary>
public static class Signals
{
    /// <summary>By name without SIG: <c>KILL</c>, <c>STOP</c>, <c>CONT</c>.</summary>
    public static void Send(int processId, string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{processId}"]);
        kill.WaitForExit();
    }

    /// <summary>False for a process that is gone, or dead and not yet waited for.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
