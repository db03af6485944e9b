using System.Diagnostics;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>A program of the host's that a test needs done.</summary>
internal static class HostProgram
{
    /// <summary>Runs it to its end, which must be good; returns what it wrote to stdout.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {said}");
        return said;
    }
}
