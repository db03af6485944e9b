using System.Globalization;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>How long the fault tests go on, and by which random numbers.</summary>
internal static class FaultRun
{
    /// <summary>The seed of this run; <c>FAAS_FAULT_SEED</c> repeats one.</summary>
    public static int Seed { get; } = Number("FAAS_FAULT_SEED", Random.Shared.Next());

    /// <summary>Rounds: as many as <c>FAAS_FAULT_ROUNDS</c> says, which <c>make soak</c> sets.</summary>
    public static int Rounds(int otherwise) => Number("FAAS_FAULT_ROUNDS", otherwise);

    /// <summary>Calls: as many as <c>FAAS_SOAK_CALLS</c> says, which <c>make soak</c> sets.</summary>
    public static int Calls(int otherwise) => Number("FAAS_SOAK_CALLS", otherwise);

    /// <summary>Uploads: as many as <c>FAAS_SOAK_UPLOADS</c> says, which <c>make soak</c> sets.</summary>
    public static int Uploads(int otherwise) => Number("FAAS_SOAK_UPLOADS", otherwise);

    /// <summary>Seconds of overload: as many as <c>FAAS_OVERLOAD_SECONDS</c> says, which <c>make soak</c> sets.</summary>
    public static TimeSpan Overload(int otherwise) => TimeSpan.FromSeconds(Number("FAAS_OVERLOAD_SECONDS", otherwise));

    private static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
