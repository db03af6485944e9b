using System.Text;
using Faas.Actors.Sandboxes.Doctor;

namespace Faas.Http.Server.Doctor;

/// <summary>The output of <c>faas-server doctor</c>: one line for each wall.</summary>
public static class DoctorTable
{
    /// <summary>The lines: <c>ok</c> or <c>MISSING</c>, the wall, the finding, the remedy.</summary>
    public static string Format(IReadOnlyList<WallCheck> checks, string limits)
    {
        var table = new StringBuilder();
        var width = checks.Max(check => check.Wall.Length);
        foreach (var check in checks)
        {
            table.Append(check.Fault is null ? "ok       " : "MISSING  ").Append(check.Wall.PadRight(width)).Append("  ").Append(check.Fault
                ?? check.Note);
            if (check.Remedy.Length > 0)
            {
                table.Append(" -- to mend it: ").Append(check.Remedy);
            }

            table.AppendLine();
        }

        var missing = checks.Count(check => check.Fault is not null);
        return table.Append(missing == 0 ? "Every wall stands" : $"{missing} of {checks.Count} walls are missing")
            .Append("; limits come from ")
            .Append(limits)
            .AppendLine(".")
            .ToString();
    }
}
