using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Whether a run can have the files that its call brings. They are refused before anything of the run has begun.</summary>
internal static class FilesOfRun
{
    /// <summary>Why a run that has some cannot; null: it can.</summary>
    public static Refusal? Check(Run run, long defaultTmpBytes)
    {
        if (run.Isolation == Isolation.Shared)
        {
            return Refusal.Malformed(
                $"The call brings the file \"{run.Files[0].Name}\", but the runs of version {run.Version} share one /tmp (isolation shared)"
                + ", where each would see the files of the others. Files need isolation process or sandbox.");
        }

        var room = run.Settings?.TmpBytes ?? defaultTmpBytes;
        var needed = RunFile.PagesOf(Encoding.UTF8.GetByteCount(run.Code.Source)) + run.Files.Sum(file => file.TmpBytes);
        return needed <= room
            ? null
            : Refusal.TooLarge($"The call's files and the script need {needed} bytes of the sandbox's /tmp, which has {room} (tmpSize).");
    }
}
