using System.ComponentModel;
using System.Diagnostics;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Starts a launch line under its resource limits.
///
/// Theory of operation: the first program of the line waits for one line of input. In the meantime prlimit(2) limits it
/// from outside, and with it whatever it becomes and starts. Without that line, should the server die first, it ends.
/// </summary>
public static class BubblewrapSpawn
{
    private const byte Go = (byte)'\n';

    /// <summary>Starts it. Throws <see cref="Win32Exception"/> where its first program cannot be run or limited; one that has ended already says why by its own end.</summary>
    /// <param name="command">Of <see cref="BubblewrapCommand.Build"/>.</param>
    /// <param name="limits">Of <see cref="BubblewrapCommand.Limits"/>.</param>
    /// <param name="environment">Variables that its prefix needs beside the sandbox's own.</param>
    public static Process Start(IReadOnlyList<string> command, IReadOnlyList<ResourceLimit> limits, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in SandboxEnvironment.Variables.Concat(environment))
        {
            start.Environment[name] = value;
        }

        Posix.KeepDescriptorsFromChildren(); // each time: native libraries open some whenever they like
        var process = Process.Start(start)!;
        try
        {
            LetGo(process, limits);
            return process;
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private static void LetGo(Process process, IReadOnlyList<ResourceLimit> limits)
    {
        if (!limits.All(limit => Posix.TryLimit(process.Id, limit)))
        {
            return;
        }

        try
        {
            process.StandardInput.BaseStream.WriteByte(Go);
            process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // Nobody reads any more: it has ended, though that may not have been noticed yet, and its end says why.
        }
    }
}
