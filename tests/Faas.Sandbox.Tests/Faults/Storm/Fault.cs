namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>Something that happens.</summary>
/// <param name="Name">What.</param>
/// <param name="Reasons">How calls may end for it; those that it hits after a while may still end so.</param>
/// <param name="Act">Brings it about, for as long as it is told, and to its end.</param>
internal sealed record Fault(string Name, string[] Reasons, Func<Place, Random, TimeSpan, Task> Act)
{
    /// <summary>One that is over as soon as it has happened.</summary>
    public static Fault AtOnce(string name, string[] reasons, Action<Place, Random> act) => new(name, reasons, (place, draw, _) =>
    {
        act(place, draw);
        return Task.CompletedTask;
    });

    /// <summary>One that lasts.</summary>
    public static Fault Lasting(string name, string[] reasons, Func<Task> begin, Func<Task> end) => new(name, reasons, async (_, _, time) =>
    {
        await begin();
        await Task.Delay(time);
        await end();
    });

    /// <summary>One that lasts, of parts that do not keep anybody waiting.</summary>
    public static Fault Lasting(string name, string[] reasons, Action begin, Action end) =>
        Lasting(name, reasons, () => Done(begin), () => Done(end));

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
