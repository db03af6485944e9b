namespace Faas.Actors.Libraries;

/// <summary>Where libraries of a language are published.</summary>
public enum Ecosystem
{
    /// <summary>JavaScript and TypeScript.</summary>
    Npm,

    /// <summary>Python.</summary>
    PyPi,
}
