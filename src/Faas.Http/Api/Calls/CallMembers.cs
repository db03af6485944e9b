namespace Faas.Http.Api.Calls;

/// <summary>The JSON members that a request's body may have; others are ignored.</summary>
[Flags]
public enum CallMembers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>path</c>, a string.</summary>
    Path = 1,

    /// <summary><c>language</c>, a string.</summary>
    Language = 2,

    /// <summary><c>code</c>, a string.</summary>
    Code = 4,

    /// <summary><c>input</c>, any value.</summary>
    Input = 8,

    /// <summary><c>stream</c>, a boolean.</summary>
    Stream = 16,

    /// <summary><c>stats</c>, a boolean.</summary>
    Stats = 32,

    /// <summary><c>isolation</c>, a string.</summary>
    Isolation = 64,

    /// <summary><c>POST /upload</c>.</summary>
    Upload = Path | Language | Code | Isolation,

    /// <summary><c>POST /run/{path}</c>.</summary>
    Run = Input | Stream | Stats,

    /// <summary><c>POST /run-now</c>.</summary>
    RunNow = Language | Code | Input | Stream | Stats,
}
